import { ExitCode } from '../platform/errors.ts';
import type { RunSummary } from '../producers/summarize.ts';

export interface Findings {
  run: RunSummary;
  /** Scopes whose end-to-end check failed; see PipelineResult. */
  incompleteScopes?: readonly string[];
  /** Whether the user asked for the organizations of certain accounts, so that one that may not be read is a failure. */
  wantsOrganization: boolean;
}

/** What keeps a run from being complete, a line each; what is not supported or was skipped does not. */
export function findGaps({ run, incompleteScopes = [], wantsOrganization }: Findings): string[] {
  const { failed, denied } = run.scopesByOutcome;
  const hierarchies = run.hierarchies.filter(
    ({ outcome }) => outcome === 'incomplete' || (outcome === 'access_denied' && wantsOrganization),
  );
  const counts: [number, string, string][] = [
    [failed, 'scope failed', 'scopes failed'],
    [denied, 'scope was denied', 'scopes were denied'],
    [incompleteScopes.length, 'scope is incomplete in the graph', 'scopes are incomplete in the graph'],
    [
      run.accounts.filter(({ problem }) => problem !== undefined).length,
      'account is not whole',
      'accounts are not whole',
    ],
    [run.problems.length, 'profile gave no account', 'profiles gave no account'],
    [hierarchies.length, 'organization could not be read', 'organizations could not be read'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
}

/** 0 when the run is complete, 5 when parts are missing. */
export function exitCodeOf(findings: Findings): ExitCode {
  return findGaps(findings).length === 0 ? ExitCode.complete : ExitCode.partial;
}
