/** Keeps the end of a growing list in view, unless somebody has scrolled up to read. */

/** Within this many pixels of the end, the end counts as in view. */
const NEAR = 24;

export interface EndKeeper {
  /** Give it to the element that scrolls. */
  readonly element: (box: HTMLElement) => void;
  /** To be called when it was scrolled. */
  readonly scrolled: () => void;
  readonly isAtEnd: () => boolean;
  /** Goes to the end, and keeps to it. */
  readonly toEnd: () => void;
  /** Does `grow`, which adds lines above, and keeps what is in view where it is. */
  readonly keepPlace: (grow: () => Promise<void>) => Promise<void>;
}

export function createEndKeeper(): EndKeeper {
  let box: HTMLElement | undefined;
  let atEnd = true;
  return {
    element: (scrolling) => {
      box = scrolling;
    },
    scrolled: () => {
      if (box) atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    },
    isAtEnd: () => atEnd,
    toEnd: () => {
      atEnd = true;
      if (box) box.scrollTop = box.scrollHeight;
    },
    keepPlace: async (grow) => {
      const below = box ? box.scrollHeight - box.scrollTop : 0;
      atEnd = false;
      await grow();
      if (box) box.scrollTop = box.scrollHeight - below;
    },
  };
}
