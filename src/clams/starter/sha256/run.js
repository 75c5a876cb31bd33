// deno-lint-ignore-file
async function run({ text }) {
  const hash = sha256(new TextEncoder().encode(text));
  return { reply: `SHA-256 of ${JSON.stringify(text)}:\n${hash}`, data: hash };
}

/** FIPS 180-4, section 6.2. */
function sha256(bytes) {
  const [hash, constants] = firstPrimes();
  const length = bytes.length * 8;
  const padded = [...bytes, 0x80];
  while (padded.length % 64 !== 56) padded.push(0);
  for (let shift = 56; shift >= 0; shift -= 8) {
    padded.push(Math.floor(length / 2 ** shift) % 256);
  }
  for (let block = 0; block < padded.length; block += 64) {
    compress(hash, constants, padded.slice(block, block + 64));
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The standard takes its numbers from the roots of the first primes (sections 4.2.2, 5.3.3). */
function firstPrimes() {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) {
    if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  }
  const fraction = (root) => Math.floor((root % 1) * 2 ** 32) | 0;
  return [
    primes.slice(0, 8).map((n) => fraction(Math.sqrt(n))),
    primes.map((n) => fraction(Math.cbrt(n))),
  ];
}

function compress(hash, constants, block) {
  const w = [];
  for (let i = 0; i < 64; i++) {
    w[i] = i < 16
      ? (block[i * 4] << 24) | (block[i * 4 + 1] << 16) | (block[i * 4 + 2] << 8) | block[i * 4 + 3]
      : (mix(w[i - 2], 17, 19, 10) + w[i - 7] + mix(w[i - 15], 7, 18, 3) + w[i - 16]) | 0;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + constants[i] + w[i]) | 0;
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(t1 + t2) | 0, a, b, c, (d + t1) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => hash[i] = (hash[i] + value) | 0);
}

function turn(word, by) {
  return (word >>> by) | (word << (32 - by));
}

function mix(word, one, two, shift) {
  return turn(word, one) ^ turn(word, two) ^ (word >>> shift);
}
