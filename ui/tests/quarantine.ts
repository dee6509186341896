/** A record in the way of a consumer group that runs at first, and is stopped when somebody looks again. */
import type { Quarantine, QuarantineRequest } from "../src/contract.ts";

export class QuarantineStand {
  readonly asked: { key: string; body: QuarantineRequest }[] = [];
  private looks = 0;

  answer(group: string, body: QuarantineRequest, key: string): Quarantine {
    const running = this.looks === 0;
    if (body.dryRun) this.looks++;
    else this.asked.push({ key, body });
    const text = (data: string) => ({ encoding: "utf8" as const, data, size: data.length, truncated: false });
    return {
      id: body.dryRun ? null : "0b9f6c9e-7f0e-4ad0-8a3f-0e6f1c3e9a11", state: body.dryRun ? (running ? "obstructed" : "possible") : "done", group, cluster: "default", topic: body.topic, partition: body.partition, offset: body.offset,
      members: running ? 2 : 0, committed: body.offset, movesTo: String(Number(body.offset) + 1), deadLetterTopic: `${body.topic}-dlt`, deadLetterPartition: body.partition, deadLetterOffset: body.dryRun ? null : "7",
      headers: [{ name: "redrive-origin-topic", value: body.topic }, { name: "redrive-origin-offset", value: body.offset }, { name: "redrive-quarantine-reason", value: body.reason }],
      record: { offset: body.offset, timestamp: null, key: text("cust-4711"), value: text("{}"), headers: 2, hidden: false },
      obstacles: running ? [{ code: "group-is-running", detail: `The group has 2 members. Stop all consumers of ${group}, ask again, and start them when it is done.` }] : [],
    };
  }
}
