/** What the plugin of `layouts.ts` makes at build time. */
declare module 'virtual:statecharts' {
  import type { ShippedChart } from './chart-source.js';

  /** By machine name, in the order in which they are shown; each is loaded when it is wanted. */
  export const SHIPPED_CHARTS: readonly {
    readonly name: string;
    readonly hash: string;
    readonly load: () => Promise<ShippedChart>;
  }[];
}

/** A file of a package, as it is: its address once built. */
declare module '*?url' {
  export const address: string;
  export default address;
}
