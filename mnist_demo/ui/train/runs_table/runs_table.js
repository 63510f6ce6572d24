// The table of runs. props.value = { action } to the server, { runs: { number: run }, selected, message,
// file: { name, type, content } } from it; see describe_runs in runs_table/__init__.py. An action, sent with 'act', is
// { kind: 'rename', number, name }, { kind: 'delete' | 'select', number }, { kind: 'save', number, what },
// { kind: 'clear' | 'undo' } or { kind: 'open', name, content }. The row of the run under way follows the event
// 'curves' of the progress bar, as the charts do.
const root = element.querySelector('.runs-table');
const table = element.querySelector('tbody');
const foot = element.querySelector('tfoot');
const chosen = element.querySelector('.chosen');
const message = element.querySelector('.message');
const open = element.querySelector('.open');

const hidden = new Set(); // numbers of runs
let selected = null;
let renaming = false;
let live = null; // the curves of the run under way
let saving = false; // whether a file was asked for, and is not there yet

function finishedRuns() {
  return Object.values(props.value?.runs ?? {}).sort((one, other) => one.number - other.number);
}

const parsed = new Map(); // curves by their text, the same object each time

function parseCurves(text) {
  if (!parsed.has(text)) parsed.set(text, JSON.parse(text));
  return parsed.get(text);
}

function updateCharts() {
  const texts = finishedRuns().map((run) => run.curves).filter(Boolean);
  for (const text of parsed.keys()) if (!texts.includes(text)) parsed.delete(text);
  const curves = texts.map(parseCurves);
  document.dispatchEvent(new CustomEvent('runs', { detail: { curves, hidden, selected } }));
}

function tellUnsaved() {
  const models = !props.value?.gone && finishedRuns().some((run) => run.has_model && !run.in_file);
  document.dispatchEvent(new CustomEvent('at-stake', { detail: { models } }));
}

function act(action) {
  saving ||= action.kind === 'save';
  props.value = { ...props.value, action };
  trigger('act');
}

function select(number) {
  selected = number;
  showTable();
  act({ kind: 'select', number });
}

function nameCell(run) {
  const cell = make('th');
  cell.scope = 'row';
  if (renaming && run.number === selected) {
    const field = make('input', 'new-name');
    Object.assign(field, { value: run.name, maxLength: 60, ariaLabel: translate(props.new_name) });
    field.addEventListener('keydown', ({ key }) => {
      if (key !== 'Enter' && key !== 'Escape') return;
      renaming = false;
      if (key === 'Enter') act({ kind: 'rename', number: run.number, name: field.value });
      showTable();
    });
    cell.append(field);
    queueMicrotask(() => field.select());
    return cell;
  }
  const button = make('button', 'name', run.name);
  button.type = 'button';
  button.setAttribute('aria-pressed', run.number === selected);
  button.addEventListener('click', () => select(run.number));
  cell.append(button, make('small', '', run.details));
  return cell;
}

function fillCells(made, run) {
  const texts = [run.accuracy, run.test_loss, run.train_loss, run.epochs, run.seconds, run.seed];
  made.append(...texts.map((text) => make('td', 'number', text)));
}

function row(run) {
  const made = make('tr', run.number === selected ? 'selected' : '');
  const box = make('input');
  Object.assign(box, { type: 'checkbox', checked: !hidden.has(run.number) });
  box.setAttribute('aria-label', translate(props.show).replace('{name}', () => run.name));
  box.addEventListener('change', () => {
    if (box.checked) hidden.delete(run.number);
    else hidden.add(run.number);
    updateCharts();
  });
  const swatch = make('label', `swatch c${(run.number - 1) % 10}`);
  swatch.append(box);
  const first = make('td');
  first.append(swatch);
  made.append(first, nameCell(run));
  fillCells(made, run);
  return made;
}

// The run under way: as far as its curves have come.
function liveRow() {
  const [[step, seconds, trainLoss] = [0, 0]] = live.train.slice(-1);
  const [[, , testLoss, accuracy] = []] = live.test.slice(-1);
  const fixed = (value, digits) => (typeof value === 'number' ? value.toFixed(digits) : '–');
  const made = make('tr', 'live');
  const cell = make('th');
  cell.scope = 'row';
  cell.append(make('span', 'name', live.name), make('small', '', props.running));
  const first = make('td');
  first.append(make('span', `swatch c${(live.number - 1) % 10}`));
  first.firstChild.append(make('i'));
  made.append(first, cell);
  fillCells(made, {
    accuracy: typeof accuracy === 'number' ? `${(accuracy * 100).toFixed(2)}%` : '–',
    test_loss: fixed(testLoss, 4),
    train_loss: fixed(trainLoss, 4),
    epochs: String(Number((step / live.steps_per_epoch).toFixed(2))),
    seconds: fixed(seconds, 1),
    seed: String(live.seed),
  });
  return made;
}

function showLive() {
  foot.replaceChildren(...(live ? [liveRow()] : []));
  root.classList.toggle('has-runs', live !== null || finishedRuns().length > 0);
}

function showTable() {
  const runs = finishedRuns();
  table.replaceChildren(...runs.filter(({ number }) => number !== live?.number).map(row));
  showLive();
  const run = runs.find(({ number }) => number === selected);
  chosen.textContent = run?.name ?? '';
  for (const button of element.querySelectorAll('button[data-kind]')) {
    const { kind, what } = button.dataset;
    const missing = { model: !run?.has_model, script: !run?.has_script, curves: !run?.curves }[what];
    if (kind === 'clear') button.disabled = runs.length === 0;
    else if (kind === 'undo') button.hidden = !props.value?.can_undo;
    else button.disabled = !run || Boolean(missing);
  }
}

function download({ name, type, content }) {
  const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
  const link = make('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function show() {
  const { action, file, message: text = '', selected: wanted } = props.value ?? {};
  if (action) return; // our own, not yet answered
  const runs = finishedRuns();
  if (wanted) selected = wanted;
  if (!runs.some(({ number }) => number === selected)) selected = runs.at(-1)?.number ?? null;
  message.textContent = translate(text ?? '');
  showTable();
  updateCharts();
  if (file && saving) {
    saving = false; // it is shown again in another language
    download(file);
  }
  tellUnsaved();
}

for (const button of element.querySelectorAll('button[data-kind]')) {
  button.addEventListener('click', () => {
    const { kind, what } = button.dataset;
    if (kind === 'rename') {
      renaming = true;
      showTable();
    } else act({ kind, what, number: selected });
  });
}
open.addEventListener('change', async () => {
  const [file] = open.files;
  if (!file) return;
  const bytes = new Uint8Array(file.size > props.max_bytes ? 0 : await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32768) binary += String.fromCharCode(...bytes.subarray(at, at + 32768));
  open.value = '';
  act({ kind: 'open', name: file.name, content: file.size > props.max_bytes ? null : btoa(binary) });
});
document.addEventListener('curves', ({ detail }) => {
  const other = live?.number !== detail?.number;
  live = detail;
  if (other) showTable();
  else if (live) showLive();
});
// A server that was started anew has none of them any more: nothing can be saved.
document.addEventListener('started-anew', () => {
  props.value = { ...props.value, gone: true };
  tellUnsaved();
});
keepShowing(show);
