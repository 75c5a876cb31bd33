// Documents for tests, put together by hand (ISO 32000-1), so that wrong ones can be made too.

/** An object of a document: its text, or a dictionary with the bytes of a stream. */
export type PdfObject = string | { readonly dictionary: string; readonly stream: Uint8Array };

const encoder = new TextEncoder();

/** A document with these objects, numbered from 1; the first one is its catalog. */
export function buildPdf(
  objects: readonly PdfObject[],
  trailer: string = "",
): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  const offsets: number[] = [];
  let size = 0;
  const add = (chunk: string | Uint8Array) => {
    const bytes = typeof chunk === "string" ? encoder.encode(chunk) : chunk;
    chunks.push(bytes);
    size += bytes.length;
  };
  add("%PDF-1.7\n");
  objects.forEach((object, index) => {
    offsets.push(size);
    add(`${index + 1} 0 obj\n`);
    if (typeof object === "string") add(object);
    else {
      add(`<< ${object.dictionary} /Length ${object.stream.length} >>\nstream\n`);
      add(object.stream);
      add("\nendstream");
    }
    add("\nendobj\n");
  });
  const start = size;
  const entries = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`);
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries.join("")}`);
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\n`);
  add(`startxref\n${start}\n%%EOF\n`);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** A document with these lines on its pages; a page without lines holds a picture alone. */
export function makePdf(pages: readonly (readonly string[])[]): Uint8Array<ArrayBuffer> {
  const first = 5;
  const kids = pages.map((_, index) => `${first + 2 * index} 0 R`).join(" ");
  const resources = "/Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >>";
  const objects: PdfObject[] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    {
      dictionary:
        "/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray",
      stream: new Uint8Array([127]),
    },
  ];
  pages.forEach((lines, index) => {
    const at = first + 2 * index;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] ${resources} /Contents ${
        at + 1
      } 0 R >>`,
      { dictionary: "", stream: encoder.encode(lines.length === 0 ? PICTURE : textOf(lines)) },
    );
  });
  return buildPdf(objects);
}

const PICTURE = "q 595 0 0 842 0 0 cm /Im1 Do Q";

function textOf(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${line.replace(/[\\()]/g, "\\$&")}) Tj T*`);
  return `BT /F1 12 Tf 14 TL 72 770 Td ${shown.join(" ")} ET`;
}

/** Bytes as a stream of `/FlateDecode`. */
export async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
