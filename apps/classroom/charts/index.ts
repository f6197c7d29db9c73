/** Statecharts: the drawing of any, the pane of a stage's, and the screen that browses, simulates and inspects them. */
export { ChartView, type ChartViewProps } from './chart-view.jsx';
export { StatechartsScreen, type StatechartsScreenProps } from './charts-screen.jsx';
export { StatechartPane, type StatechartPaneProps } from './statechart-pane.jsx';
