/** The size of an element, followed as it changes. */
import { type Accessor, createSignal, onCleanup } from 'solid-js';
import type { Size } from './plan.js';

/** @returns the size, and the ref that gives it its element. */
export function createSize(first: Size): readonly [Accessor<Size>, (element: Element) => void] {
  const [size, setSize] = createSignal(first, {
    equals: (one, other) => one.width === other.width && one.height === other.height,
  });
  const watch = (element: Element) => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry === undefined) return;
      const { width, height } = entry.contentRect;
      if (width > 0 && height > 0) setSize({ width: Math.floor(width), height: Math.floor(height) });
    });
    observer.observe(element);
    onCleanup(() => observer.disconnect());
  };
  return [size, watch];
}
