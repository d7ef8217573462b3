import path from 'node:path';
import { InfrastructureError } from '../../platform/errors.ts';
import { runTool, type ToolResult } from './run-tool.ts';

const JAVA_NEEDED = 17;
const PYTHON_NEEDED = [3, 10] as const;

export interface Java {
  command: string;
  /** What `java -version` prints. */
  version: string;
}

/** The Java to run servers with: the one of JAVA_HOME, else the one on the PATH. Throws CS_STACK unless it is 17 or newer. */
export async function findJava(): Promise<Java> {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined || home === '' ? 'java' : path.join(home, 'bin', 'java');
  const result = await runTool(java, ['-version']);
  const version = parseJavaVersion(result.output);
  if (result.exitCode !== 0 || version === undefined || version < JAVA_NEEDED) {
    const remedy = 'Install a Java runtime (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME.';
    throw missing(`Java ${JAVA_NEEDED} or newer`, java, result, version?.toString(), remedy);
  }
  return { command: java, version: result.output };
}

/** The `mvn` on the PATH. Throws CS_STACK when there is none that runs. */
export async function findMaven(): Promise<string> {
  const result = await runTool('mvn', ['-v']);
  if (result.exitCode !== 0)
    throw missing('Maven 3', 'mvn', result, undefined, 'Install it (Debian: apt-get install maven).');
  return 'mvn';
}

/** The `python3` on the PATH. Throws CS_STACK unless it is 3.10 or newer and has the venv module. */
export async function findPython(): Promise<string> {
  const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
  const result = await runTool('python3', ['-c', probe]);
  const version = /^(\d+)\.(\d+)\s*$/.exec(result.output);
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  const enough = major > PYTHON_NEEDED[0] || (major === PYTHON_NEEDED[0] && minor >= PYTHON_NEEDED[1]);
  if (result.exitCode !== 0 || !enough) {
    const remedy = 'Install it (Debian: apt-get install python3-venv).';
    throw missing(
      `Python ${PYTHON_NEEDED.join('.')} or newer with venv`,
      'python3',
      result,
      version?.[0].trim(),
      remedy,
    );
  }
  return 'python3';
}

/** The feature release in the output of `java -version`: 17 for "17.0.15", 8 for "1.8.0_402". */
export function parseJavaVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match === null ? undefined : Number(match[1]);
}

function missing(
  needed: string,
  command: string,
  result: ToolResult,
  version: string | undefined,
  remedy: string,
): InfrastructureError {
  const lastLine = result.output.trim().split('\n').at(-1) ?? '';
  const found =
    result.exitCode === -1 ? `\`${command}\` was not found` : `\`${command}\` is ${version ?? `unusable: ${lastLine}`}`;
  return new InfrastructureError('CS_STACK', `The local stack needs ${needed}, but ${found}. ${remedy}`);
}
