/** AWS's error code of what an SDK call threw (`AccessDenied`), or the system's (`ENOTFOUND`); undefined for other errors. */
export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { Code, code, name } = error as { Code?: unknown; code?: unknown; name?: unknown };
  if (typeof Code === 'string' && Code !== '') return Code;
  if (typeof name === 'string' && ('$metadata' in error || /ProviderError$/.test(name)) && name !== 'Error') {
    // A system error gets $metadata too on its way through the SDK.
    if (!systemCode.test(typeof code === 'string' ? code : '')) return name;
  }
  return typeof code === 'string' && systemCode.test(code) ? code : undefined;
}

const systemCode = /^E[A-Z_]{2,}$/;
