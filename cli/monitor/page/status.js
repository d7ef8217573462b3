// The status page: draws what /api/events tells. All text goes in as text, never as HTML.

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const numbers = new Intl.NumberFormat('en-US');

/** How long, in the largest unit that fits: `3 h`. */
function formatAge(seconds) {
  const units = [
    [86400, 'd'],
    [3600, 'h'],
    [60, 'min'],
  ];
  const found = units.find(([size]) => seconds >= size);
  return found === undefined
    ? `${Math.max(0, Math.round(seconds))} s`
    : `${Math.floor(seconds / found[0])} ${found[1]}`;
}

function formatCount(count, noun) {
  return `${numbers.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** An element with a class and text. */
function make(tag, className = '', text = '') {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** Changes text only where it differs, so that a selection survives. */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes a parent's children those of the items, in their order. The ones that are there already are kept, so that focus,
 * scroll and what is opened stay as they are.
 */
function reconcile(parent, items, keyOf, create, update) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = known.get(key);
    if (child === undefined) {
      child = create(item);
      child.dataset.key = key;
    }
    known.delete(key);
    update(child, item);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
  for (const gone of known.values()) gone.remove();
}

/** Rows of a table; each item gives its key and its cells as [class, text]. */
function drawRows(body, items) {
  reconcile(
    body,
    items,
    ({ key }) => key,
    ({ cells }) => {
      const row = make('tr');
      row.append(...cells.map(() => make('td')));
      return row;
    },
    (row, { cells }) => {
      cells.forEach(([className, text], index) => {
        row.children[index].className = className;
        setText(row.children[index], text);
      });
    },
  );
}

const outcomeClass = { complete: 'good', unsupported: 'soft', skipped: 'soft', not_in_org: 'soft', loaded: 'good' };
const classOf = (outcome) => outcomeClass[outcome] ?? 'bad';
const stateClass = { loaded: 'good', unfinished: 'warn' };

function describeOutcomes(outcomes) {
  return Object.entries(outcomes)
    .map(([outcome, count]) => `${numbers.format(count)} ${outcome}`)
    .join(', ');
}

function describeWait({ subject, marker, until }) {
  if (until !== null) {
    const { stage, partition, offset, now } = until;
    return `${subject}: until ${stage} reaches ${numbers.format(offset)} of ${partition} (now ${numbers.format(now)})`;
  }
  if (marker === null) return `${subject}: until its scopes are cleaned`;
  if (marker.kind === 'run') return `${subject}: for the end of run ${marker.updateTag} or a later one`;
  return `${subject}: for its marker of run ${marker.updateTag} or a later one`;
}

/** The tree: organizations, below them roots, units and accounts; accounts that stand in none at the end. */
function buildTree({ organizations, accounts }) {
  const read = new Map(accounts.map((account) => [account.id, account]));
  const nodes = new Map(organizations.map((node) => [node.id, { ...node, account: read.get(node.id), children: [] }]));
  const tops = [];
  for (const node of nodes.values()) {
    const above = node.parent === null ? undefined : nodes.get(node.parent);
    if (above === undefined) tops.push(node);
    else above.children.push(node);
  }
  const others = accounts
    .filter(({ id }) => !nodes.has(id))
    .map((account) => ({ kind: 'account', id: account.id, name: account.name, account, children: [] }));
  return [...tops, ...others];
}

function countAccounts(node) {
  if (node.kind === 'account') return 1;
  return node.children.reduce((sum, child) => sum + countAccounts(child), 0);
}

/** The worst that is below a node. */
function openOf(node) {
  const own = Object.entries(node.account?.outcomes ?? {})
    .filter(([outcome]) => classOf(outcome) === 'bad')
    .reduce((sum, [, count]) => sum + count, 0);
  return node.children.reduce((sum, child) => sum + openOf(child), own);
}

const kindNames = { organization: 'organization', root: 'root', unit: 'unit', account: '' };

/** Draws the name of a node and what is said of it. */
function drawLine(line, node, now) {
  const parts = [['name', node.name ?? node.id]];
  if (node.name !== null && node.kind !== 'root') parts.push(['part soft', node.id]);
  if (node.kind !== 'account') {
    parts.push(['part soft', `${kindNames[node.kind]}, ${formatCount(countAccounts(node), 'account')}`]);
    const open = openOf(node);
    if (open > 0) parts.push(['part bad', `${formatCount(open, 'scope')} not complete`]);
  } else if (node.account === undefined) {
    parts.push(['part soft', 'not read']);
  } else {
    for (const [outcome, count] of Object.entries(node.account.outcomes))
      parts.push([`part ${classOf(outcome)}`, `${numbers.format(count)} ${outcome}`]);
    const { asOf } = node.account;
    const behind = asOf === null ? 'not applied yet' : `graph as of ${formatAge((now - Date.parse(asOf)) / 1000)} ago`;
    parts.push([asOf === null ? 'part warn' : 'part soft', behind]);
  }
  reconcile(
    line,
    // A blank before each, so that it is read aloud and copied as words.
    parts.map(([className, text], index) => ({ key: String(index), className, text: index === 0 ? text : ` ${text}` })),
    ({ key }) => key,
    () => make('span'),
    (span, { className, text }) => {
      span.className = className;
      setText(span, text);
    },
  );
}

/** A branch with more accounts begins closed. */
const mostAtOnce = 100;

/** A branch, or an account that shows its scopes when it is opened. */
function createNode(node) {
  if (node.kind === 'account' && node.account === undefined) return make('div', 'leaf');
  const details = make('details');
  details.append(make('summary'), make('div', node.kind === 'account' ? 'scopes' : 'children'));
  details.open = node.kind !== 'account' && countAccounts(node) <= mostAtOnce;
  if (node.kind === 'account') {
    details.addEventListener('toggle', () => {
      if (details.open) void drawScopes(details.lastElementChild, node.id);
    });
  }
  return details;
}

function drawNodes(parent, nodes, now) {
  reconcile(
    parent,
    nodes,
    (node) => `${node.kind} ${node.id} ${node.account === undefined}`,
    createNode,
    (element, node) => {
      if (element.tagName !== 'DETAILS') return drawLine(element, node, now);
      drawLine(element.firstElementChild, node, now);
      if (node.kind !== 'account') drawNodes(element.lastElementChild, node.children, now);
      else if (element.open && element.dataset.seen !== String(node.account.updateTag)) {
        element.dataset.seen = String(node.account.updateTag);
        void drawScopes(element.lastElementChild, node.id);
      }
    },
  );
}

async function drawScopes(parent, account) {
  let scopes;
  try {
    const response = await fetch(`/api/scopes?account=${encodeURIComponent(account)}`);
    if (!response.ok) throw new Error(response.statusText);
    scopes = await response.json();
  } catch {
    parent.replaceChildren(make('p', 'bad', 'The scopes cannot be read now.'));
    return;
  }
  let body = parent.querySelector('tbody');
  if (body === null) {
    const table = make('table');
    body = make('tbody');
    table.append(body);
    parent.replaceChildren(table);
  }
  const isGood = ({ outcome }) => outcome === 'complete';
  const sorted = [...scopes.filter((scope) => !isGood(scope)), ...scopes.filter(isGood)];
  drawRows(
    body,
    sorted.map(({ scope, outcome, ageSeconds, reason }) => ({
      key: scope,
      cells: [
        ['text', scope.slice(account.length + 1)],
        [classOf(outcome), outcome],
        ['number', formatAge(ageSeconds)],
        ['text soft', reason ?? ''],
      ],
    })),
  );
}

function drawGraph(graph, now) {
  for (const id of ['organization', 'stages', 'runs']) byId(id).hidden = graph === null;
  byId('open-scopes').hidden = graph === null || graph.openScopes.length === 0;
  if (graph === null) return;
  drawNodes(byId('tree'), buildTree(graph), now);
  if (graph.accounts.length === 0 && graph.organizations.length === 0)
    byId('tree').replaceChildren(make('p', 'soft', 'No account has been read yet.'));
  drawRows(
    byId('stage-rows'),
    graph.stages.map(({ stage, lag, waitsFor }) => {
      const waits = [...new Set(waitsFor.map(describeWait))];
      const shown = waits.slice(0, 3).join('; ');
      return {
        key: stage,
        cells: [
          ['whole', stage],
          ['number', numbers.format(lag)],
          ['text soft', waits.length > 3 ? `${shown}; and ${waits.length - 3} more` : shown],
        ],
      };
    }),
  );
  const dead = Object.values(graph.deadLetters).reduce((sum, count) => sum + count, 0);
  const incomplete = graph.incompleteScopes.length;
  const letters = dead === 0 ? 'No dead letters.' : `${formatCount(dead, 'dead letter')}: see cartography dlq list.`;
  const lacking = incomplete === 0 ? '' : ` The graph lacks records of ${formatCount(incomplete, 'complete scope')}.`;
  byId('dead-letters').className = dead + incomplete === 0 ? 'soft' : 'bad';
  setText(byId('dead-letters'), letters + lacking);
  drawRows(
    byId('run-rows'),
    graph.runs.map(({ updateTag, state, ageSeconds, accounts, outcomes }) => ({
      key: String(updateTag),
      cells: [
        ['whole', String(updateTag)],
        [stateClass[state] ?? '', state],
        ['number', formatAge(ageSeconds)],
        ['number', `${accounts.ended}/${accounts.planned}`],
        ['', describeOutcomes(outcomes)],
      ],
    })),
  );
  drawRows(
    byId('scope-rows'),
    graph.openScopes.map(({ scope, outcome, ageSeconds, reason }) => ({
      key: scope,
      cells: [
        ['text', scope],
        [classOf(outcome), outcome],
        ['number', formatAge(ageSeconds)],
        ['text soft', reason ?? ''],
      ],
    })),
  );
}

function drawCollecting(collecting) {
  byId('collecting').hidden = collecting === null;
  if (collecting === null) return;
  const { accounts, accountsDone, scopes, scopesDone, records, recordsPerSecond } = collecting;
  const bar = /** @type {HTMLProgressElement} */ (byId('progress'));
  bar.max = Math.max(1, scopes);
  bar.value = scopesDone;
  setText(
    byId('progress-text'),
    `${numbers.format(accountsDone)} of ${formatCount(accounts, 'account')}, ${numbers.format(scopesDone)} of ${formatCount(scopes, 'scope')} of those that have begun, ${formatCount(records, 'record')}, ${numbers.format(recordsPerSecond)}/s`,
  );
}

function describeState({ graph, collecting }) {
  if (graph === null) return collecting === null ? 'Starting.' : 'Collecting.';
  return graph.caughtUp ? 'The graph has all that is in the log.' : 'The graph is behind the log.';
}

function draw(state) {
  setText(byId('what'), `${state.command}, version ${state.version}`);
  setText(byId('state'), describeState(state));
  byId('problem').hidden = state.problem === null;
  byId('problem').className = 'bad';
  setText(byId('problem'), state.problem === null ? '' : `Cannot look at the graph now: ${state.problem}`);
  drawCollecting(state.collecting);
  drawGraph(state.graph, state.at);
}

const events = new EventSource('/api/events');
events.addEventListener('message', ({ data }) => draw(JSON.parse(data)));
events.addEventListener('error', () => setText(byId('state'), 'No connection to the program; trying again.'));
