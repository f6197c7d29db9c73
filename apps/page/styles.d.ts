/** Styles that a panel brings along: what is built puts them beside its code. */
declare module '*.css';
