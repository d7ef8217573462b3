import { isIP } from 'node:net';

interface EndpointParameters {
  Endpoint?: unknown;
  RequiresAccountId?: boolean;
}

interface ResolvingClient {
  config: { endpointProvider?: (parameters: EndpointParameters, context?: unknown) => unknown };
}

/**
 * S3 Control puts the account's id in front of the host, also of an endpoint that was configured. An IP address, or a
 * name without a domain, cannot have one: stand-ins are addressed so, and take the account from the header.
 */
export function keepHost(client: unknown): void {
  const { config } = client as Partial<ResolvingClient>;
  const resolve = config?.endpointProvider;
  if (config === undefined || resolve === undefined) return;
  config.endpointProvider = (parameters, context) =>
    resolve(isBareHost(parameters.Endpoint) ? { ...parameters, RequiresAccountId: false } : parameters, context);
}

function isBareHost(endpoint: unknown): boolean {
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return false;
  const host = new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || !host.includes('.');
}
