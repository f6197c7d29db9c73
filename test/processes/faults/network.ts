/** What lies between the peers of a cluster under test, and can be broken. */

/** Where one peer is. */
export interface Place {
  /** HOST:PORT it listens at. */
  readonly listen: string;
  /** HOST:PORT that others are told. */
  readonly advertise: string;
  /** HOST:PORT of its HTTP; never cut, so that clients always see what a peer says. */
  readonly http: string;
  /** Words that go before the command, to start it there. */
  readonly before: readonly string[];
}

/** Every way between two peers has two directions, each broken by itself. All of it may be called in any state. */
export interface Network {
  readonly kind: 'proxy' | 'netns';
  placeOf(id: string): Place;
  /** Nothing passes from `from` to `to`; nobody is told. What was on its way comes after the mending, as TCP has it. */
  cut(from: string, to: string): Promise<void>;
  mend(from: string, to: string): Promise<void>;
  /** What this network can do besides; absent where it cannot. */
  readonly delay?: (from: string, to: string, delayMs: number) => void;
  /** Breaks off every connection between two peers, at both ends. */
  readonly reset?: (one: string, other: string) => void;
  /** Pulls or plugs in a peer's cable; its HTTP goes with it. */
  readonly plug?: (id: string, isIn: boolean) => Promise<void>;
  /** Everything is as in the beginning. */
  mendAll(): Promise<void>;
  close(): Promise<void>;
}
