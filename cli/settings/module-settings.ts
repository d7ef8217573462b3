import { nearMatches } from './near-matches.ts';
import { given, readList, refuse } from './values.ts';

export const moduleNames = ['create-indexes', 'aws', 'ontology', 'analysis'] as const;
export type ModuleName = (typeof moduleNames)[number];

/** `--selected-modules`. Default all. @throws UsageError */
export function readModules(text: string | undefined): ReadonlySet<ModuleName> {
  const value = given('--selected-modules', text);
  if (value === undefined) return new Set(moduleNames);
  return new Set(
    readList(value).map((name) => {
      const known = moduleNames.find((module) => module === name);
      if (known !== undefined) return known;
      const [near] = nearMatches(name, moduleNames);
      const hint = near === undefined ? '' : ` Did you mean ${near}?`;
      throw refuse(value, `there is no module ${JSON.stringify(name)}.${hint} Choose from ${moduleNames.join(', ')}.`);
    }),
  );
}
