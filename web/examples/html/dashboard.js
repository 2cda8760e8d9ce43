const sessions = document.querySelector('causal-sessions');
const output = document.querySelector('output');

document.querySelector('input').addEventListener('change', ({ target }) => {
  sessions.process(target.files).catch(() => undefined); // the events below tell
});

sessions.addEventListener('progress', ({ detail: { stage } }) => (output.textContent = `${stage} …`));
sessions.addEventListener('error', ({ detail: error }) => (output.textContent = error.message));
sessions.addEventListener('result', async ({ detail: dataset }) => {
  const parquet = await dataset.write('train', 'parquet');
  output.textContent = `${dataset.report.sessions.kept} sessions; the training set has ${parquet.length} bytes.`;
});
