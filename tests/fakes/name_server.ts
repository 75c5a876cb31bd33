import dns2 from "dns2";

/** What a name has: addresses (none: the name does not exist), or no answer at all. */
export type Addresses = readonly string[] | "silence";

/** A name server on loopback. `answer` is asked per query; `times` counts queries of that type. */
export async function startNameServer(
  answer: (name: string, times: number) => Addresses,
): Promise<{ readonly address: string } & AsyncDisposable> {
  const asked = new Map<string, number>();
  const server = dns2.createServer({
    udp: true,
    handle(request, send) {
      const response = dns2.Packet.createResponseFromRequest(request);
      const question = request.questions[0] as unknown as { name: string; type: number };
      const key = `${question.name} ${question.type}`;
      asked.set(key, (asked.get(key) ?? 0) + 1);
      const addresses = answer(question.name, asked.get(key) ?? 0);
      if (addresses === "silence") return;
      const { A, AAAA } = dns2.Packet.TYPE;
      for (const address of addresses) {
        const type = address.includes(":") ? AAAA : A;
        if (type !== question.type) continue;
        response.answers.push(
          { name: question.name, type, class: dns2.Packet.CLASS.IN, ttl: 0, address } as never,
        );
      }
      if (addresses.length === 0) response.header.rcode = 3; // no such name
      send(response);
    },
  });
  await server.listen({ udp: { port: 0, address: "127.0.0.1" } });
  const port = (server.addresses().udp as { port: number }).port;
  return {
    address: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await server.close();
    },
  };
}
