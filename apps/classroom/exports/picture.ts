/** A pane as a picture: SVG with its styles inside, and the same as PNG. */

/** What of the computed style a picture needs. */
const PROPERTIES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'paint-order',
  'display',
  'visibility',
  'marker-end',
] as const;

const SVG = 'http://www.w3.org/2000/svg';

/** The largest SVG of a pane: its drawing, not one of its signs. */
export function drawingIn(pane: ParentNode): SVGSVGElement | null {
  const all = [...pane.querySelectorAll('svg')].filter((svg) => !svg.closest('button'));
  const area = (svg: SVGSVGElement) => {
    const { width, height } = svg.getBoundingClientRect();
    return width * height;
  };
  return all.sort((one, other) => area(other) - area(one))[0] ?? null;
}

/**
 * A drawing as a file of its own: styles inline, a title, and the ground behind it.
 *
 * @param ground - the colour of the paper.
 */
export function svgText(drawing: SVGSVGElement, title: string, ground: string): string {
  const { width, height } = drawing.getBoundingClientRect();
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  inline(drawing, copy);
  copy.setAttribute('xmlns', SVG);
  copy.setAttribute('width', String(Math.round(width)));
  copy.setAttribute('height', String(Math.round(height)));
  if (!copy.hasAttribute('viewBox'))
    copy.setAttribute('viewBox', `0 0 ${Math.round(width)} ${Math.round(height)}`);
  const paper = document.createElementNS(SVG, 'rect');
  for (const [name, value] of [
    ['width', '100%'],
    ['height', '100%'],
    ['fill', ground],
  ] as const)
    paper.setAttribute(name, value);
  const heading = document.createElementNS(SVG, 'title');
  heading.textContent = title;
  copy.prepend(heading, paper);
  return new XMLSerializer().serializeToString(copy);
}

function inline(source: Element, copy: Element): void {
  const style = getComputedStyle(source);
  for (const name of PROPERTIES) {
    const value = style.getPropertyValue(name);
    // As an attribute: a style of an element is what a strict content policy refuses.
    if (value !== '') copy.setAttribute(name, value);
  }
  for (const name of ['class', 'style', 'tabindex', 'role']) copy.removeAttribute(name);
  [...source.children].forEach((child, place) => {
    const twin = copy.children[place];
    if (twin) inline(child, twin);
  });
}

/**
 * The same as PNG.
 *
 * @param scale - pixels per CSS pixel.
 * @throws Error when the browser cannot draw it.
 */
export async function pngOf(svg: string, scale: number): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * scale;
    canvas.height = image.naturalHeight * scale;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((done) => {
      canvas.toBlob(done, 'image/png');
    });
    if (blob === null) throw new Error('this browser could not draw the picture');
    return blob;
  } finally {
    URL.revokeObjectURL(url);
  }
}
