import { IANAZone } from "luxon";
import { closest } from "./problems/did-you-mean.ts";

/** Whether `name` is a zone of the IANA database. Bare offsets are refused: they know no daylight saving. */
export function isZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name);
}

/** The zone that was probably meant, by its name ("Europe/Berln") or its city alone ("Berlin"). */
export function closestZone(name: string): string | undefined {
  const zones = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const city = closest(name, zones.map(cityOf));
  return closest(name, zones) ?? zones.find((zone) => cityOf(zone) === city);
}

function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1);
}
