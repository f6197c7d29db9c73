/** The textbook's words for what peers say: the page's vocabulary, under the names that these screens use. */
export { KINDS, type Kind, kindOf, labelOf, meaningOf } from '../../page/shapes.js';
