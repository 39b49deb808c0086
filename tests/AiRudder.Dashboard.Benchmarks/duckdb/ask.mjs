// Loads calls and dials from CSV files into a DuckDB file, then answers questions that come a line each as {"sql", "times"} with
// {"milliseconds", "rows"} or {"error"}.
import { createInterface } from 'node:readline';
import { performance } from 'node:perf_hooks';
import { DuckDBInstance } from '@duckdb/node-api';

const [file, ...tables] = process.argv.slice(2);
const instance = await DuckDBInstance.create(file);
const connection = await instance.connect();
// As in SQLite and PostgreSQL: the questions cut time into slots by dividing.
await connection.run('SET integer_division = true');
for (const table of tables) {
  const [name, path] = table.split('=');
  await connection.run(`CREATE TABLE ${name} AS SELECT * FROM read_csv('${path.replaceAll("'", "''")}', header = true, all_varchar = false)`);
}
console.log(JSON.stringify({ ready: true }));

for await (const line of createInterface({ input: process.stdin })) {
  const { sql, times } = JSON.parse(line);
  try {
    const milliseconds = [];
    let rows = 0;
    for (let i = 0; i < times; i++) {
      const started = performance.now();
      const reader = await connection.runAndReadAll(sql);
      milliseconds.push(performance.now() - started);
      rows = reader.currentRowCount;
    }
    console.log(JSON.stringify({ milliseconds, rows }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message ?? error) }));
  }
}
