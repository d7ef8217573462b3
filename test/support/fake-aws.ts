import type { Account } from '../../producers/accounts/discover-accounts.ts';
import type { Access, ClientFactory } from '../../producers/aws/aws-clients.ts';
import type { ClientConstructor } from '../../producers/sync.ts';

export interface FakeCall {
  accountId: string;
  operation: string;
  input: Record<string, unknown>;
  region: string;
}

/** An error as the SDK throws it. */
export function awsError(code: string, message = `${code} happened`): Error {
  return Object.assign(new Error(message), { name: code, $fault: 'client', $metadata: { httpStatusCode: 400 } });
}

/** Clients of the SDK's own classes (its paginators insist on them) whose calls are answered here. Errors are thrown. */
export function fakeClients(answer: (call: FakeCall, access: Access) => object | Promise<object>) {
  const calls: FakeCall[] = [];
  const clients: Pick<ClientFactory, 'create'> = {
    create<C>(constructor: ClientConstructor<C>, access: Access, region: string): C {
      const client = new constructor({ region, credentials: access.credentials } as never);
      const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
        const operation = command.constructor.name.replace(/Command$/, '');
        const call = {
          accountId: (access as Partial<Account>).id ?? '',
          operation,
          input: { ...command.input },
          region,
        };
        calls.push(call);
        const result = await answer(call, access);
        if (result instanceof Error) throw result;
        return result;
      };
      Object.assign(client as object, { send });
      return client;
    },
  };
  return { clients, calls };
}

export function fakeAccount(id: string, name = `profile-${id}`): Account {
  return {
    id,
    name,
    partition: 'aws',
    homeRegion: 'us-east-1',
    defaultRegion: 'eu-west-1',
    profile: name,
    credentials: () => Promise.resolve({ accessKeyId: 'test', secretAccessKey: 'test' }),
  };
}
