/** What a sensor measures: the quantities with their units and bounds. The page reads this, too: no library stands behind it. */

/** A quantity, named as its column is. */
export type Quantity = 'temperature_c' | 'humidity_pct' | 'pressure_hpa';

export interface QuantityFacts {
  readonly name: string;
  readonly unit: string;
  /** What can be at all; beyond it a sensor is broken, or a column misread. */
  readonly least: number;
  readonly most: number;
}

export const QUANTITIES: Readonly<Record<Quantity, QuantityFacts>> = {
  temperature_c: { name: 'temperature', unit: '°C', least: -273.15, most: 1000 },
  humidity_pct: { name: 'humidity', unit: '%', least: 0, most: 100 },
  pressure_hpa: { name: 'pressure', unit: 'hPa', least: 0, most: 2000 },
};

export const QUANTITY_KEYS = Object.keys(QUANTITIES) as readonly Quantity[];

/** `21.4 °C  48 %  1013.2 hPa` */
export const inWords = (measured: Readonly<Record<Quantity, number>>): string =>
  QUANTITY_KEYS.map((key) => `${measured[key]} ${QUANTITIES[key].unit}`).join('  ');
