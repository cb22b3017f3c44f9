// Pyodide under node, for one test process: a line of JSON with Python in it comes in, and one with what it gave goes out.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [home, ...wheels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${home}/pyodide.mjs`));
const said = (line) => process.stderr.write(`${line}\n`);
const options = { indexURL: `${home}/`, stdout: said, stderr: said };
const pyodide = await loadPyodide(options);
await pyodide.loadPackage(["numpy", "ipython", "packaging", "pygments"], { messageCallback: said });
const extractDir = pyodide.runPython("import sysconfig; sysconfig.get_path('purelib')");
for (const wheel of wheels) pyodide.unpackArchive(new Uint8Array(readFileSync(wheel)), "zip", { extractDir });
for await (const line of createInterface({ input: process.stdin })) {
  const { code, files } = JSON.parse(line);
  for (const [path, text] of Object.entries(files)) pyodide.FS.writeFile(path, text);
  let reply;
  try {
    reply = { value: await pyodide.runPythonAsync(code) };
  } catch (error) {
    reply = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
