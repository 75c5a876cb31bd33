const isSource = import.meta.url.endsWith(".ts");

/**
 * The kinds of workers and the script of each: from source where it is written, in the bundled
 * program flat beside each other.
 */
export const WORKER_SCRIPTS: Readonly<Record<string, URL>> = {
  /** Runs one program. */
  clam: scriptOf("../sandbox/worker.ts", "clam_worker.js"),
  /** Reads one page. */
  html: scriptOf("../tools/web_fetch/html_worker.ts", "html_worker.js"),
  /** Reads one PDF. */
  pdf: scriptOf("../tools/pdf_reader/pdf_worker.ts", "pdf_worker.js"),
  /** Tries the wall that all of them have. */
  probe: scriptOf("./probe_worker.ts", "probe_worker.js"),
};

function scriptOf(source: string, bundled: string): URL {
  return new URL(isSource ? source : `./${bundled}`, import.meta.url);
}
