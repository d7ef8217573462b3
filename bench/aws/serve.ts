import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answerQuery, type Estate } from './answer-query.ts';

/* The stand-in's process: serves the estate that its argument describes and sends its port to its parent. */

const estate = JSON.parse(process.argv[2] ?? '') as Estate;
/** Writing XML is no part of what is measured: a page is written once, as long as there are not too many. */
const pages = new Map<string, Buffer>();
const MOST_PAGES = 40;

/** An access key names its account: `AKIA<account>`. */
const SIGNATURE = /Credential=AKIA(?<account>\d{12})\/\d+\/(?<region>[^/]+)\//;

function answer(request: IncomingMessage, body: string): Buffer | undefined {
  const { account, region } = SIGNATURE.exec(request.headers.authorization ?? '')?.groups ?? {};
  const parameters = new URLSearchParams(body);
  const action = parameters.get('Action');
  if (account === undefined || region === undefined || action === null) return undefined;
  const key = `${account}/${region}/${action}/${parameters.get('NextToken')}`;
  const known = pages.get(key);
  if (known !== undefined) return known;
  const xml = answerQuery(action, account, region, parameters, estate);
  if (xml === undefined) return undefined;
  const page = Buffer.from(xml);
  if (pages.size < MOST_PAGES) pages.set(key, page);
  return page;
}

const server = createServer((request, response) => {
  void text(request).then((body) => {
    const page = answer(request, body);
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/xml', 'content-length': page.length }).end(page);
    } else {
      response
        .writeHead(400, { 'content-type': 'text/xml' })
        .end(
          '<Response><Errors><Error><Code>InvalidAction</Code><Message>not served</Message></Error></Errors></Response>',
        );
    }
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
