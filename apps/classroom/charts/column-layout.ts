/** The plainest layout: states one below the other as they are written, arrows in lanes on their right, words in the lanes. */

import { kindOfSign } from './chart-signs.js';
import type { Course, Layout, Rectangle } from './chart-source.js';
import type { Box, Drawing } from './drawing.js';
import { SIZES } from './text-width.js';

const GAP = 26;
const MARGIN = 16;
const LANE = 18;

/** Positions of a drawing, at once and without a library: for where there is none. */
export function columnLayout({ root, arrows }: Drawing): Layout {
  const boxes: Record<string, Rectangle> = {};
  const size = place(root, 0, 0, boxes);
  const courses: Record<string, Course> = {};
  let lane = size.width + LANE;
  for (const { id, from, to, labels, width } of arrows) {
    const [start, end] = [boxes[from], boxes[to]];
    if (start === undefined || end === undefined) continue;
    if (kindOfSign(from) === 'dot') {
      courses[id] = { bends: downward(start, end), words: null };
      continue;
    }
    const [y, goal] = [start[1] + start[3] / 2 + 4, end[1] + end[3] / 2 - 4].map(Math.round) as [
      number,
      number,
    ];
    courses[id] = {
      bends: [start[0] + start[2], y, lane, y, lane, goal, end[0] + end[2], goal],
      words: labels.length === 0 ? null : [lane + 2, Math.round((y + goal) / 2) - SIZES.lineHeight],
    };
    lane += LANE + width;
  }
  return { width: lane, height: size.height, boxes, arrows: courses };
}

const downward = ([x, y, width, height]: Rectangle, [, top]: Rectangle): readonly number[] => [
  x + width / 2,
  y + height,
  x + width / 2,
  top,
];

/** Puts `box` at a place, with its children in a column inside. */
function place(
  box: Box,
  x: number,
  y: number,
  into: Record<string, Rectangle>,
): { width: number; height: number } {
  let [width, height] = [box.width, box.height];
  if (box.children.length > 0) {
    let below = y + SIZES.titleHeight + box.lines.length * SIZES.lineHeight + MARGIN;
    for (const child of box.children) {
      const size = place(child, x + MARGIN, below, into);
      width = Math.max(width, size.width + 2 * MARGIN);
      below += size.height + GAP;
    }
    height = below - GAP + MARGIN - y;
  }
  into[box.id] = [x, y, width, height];
  return { width, height };
}
