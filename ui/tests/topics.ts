/** The making of topics and their readiness, as the server answers. */
import type { Readiness, TopicProposal, TopicRequest } from "../src/contract.ts";
import { iso } from "./sample.ts";

const recommended: Record<string, string> = { partitions: "6", replicationFactor: "3", "min.insync.replicas": "2", "cleanup.policy": "delete", "retention.ms": "1209600000" };

const check = (id: string, level: Readiness["checks"][number]["level"], topic: string, what: string, fix: string | null = null): Readiness["checks"][number] => ({ id, level, topic, what, why: "A full disk stops the broker, and every topic on it.", measured: "retention.ms and retention.bytes are both -1.", fix });

export class TopicStand {
  readonly made = new Map<string, TopicRequest>();
  readonly decided: Record<string, unknown>[] = [];

  create(body: Record<string, unknown>, key: string): { status: number; data: TopicProposal } {
    const { name, origin = null, partitions, replicationFactor, configs = {}, validateOnly } = body as unknown as TopicRequest;
    const value = (one: string): string => String(one === "partitions" ? (partitions ?? recommended[one]) : one === "replicationFactor" ? (replicationFactor ?? recommended[one]) : ((configs as Record<string, string>)[one] ?? recommended[one]));
    const findings: TopicProposal["findings"] = [];
    if (Number(value("partitions")) < 6 && origin) findings.push({ id: "partitions-below-origin", level: "warning", pointer: "/partitions", detail: "Letters of higher partitions would have nowhere to go." });
    if (value("cleanup.policy") !== "delete") findings.push({ id: "compacted-letters", level: "refusal", pointer: "/configs/cleanup.policy", detail: "Compaction throws away all letters of a key but the last." });
    if (!name.includes(".")) findings.push({ id: "name-style", level: "advice", pointer: "/name", detail: "domain.entity.event tells everybody whose it is." });
    if (!validateOnly) this.made.set(key, body as unknown as TopicRequest);
    const parameters = Object.keys(recommended).map((one) => ({ name: one, config: one.includes("."), value: value(one), recommended: recommended[one] ?? "", meaning: `What ${one} means.` }));
    return { status: validateOnly ? 200 : 201, data: { name, cluster: "shop-eu", origin, partitions: Number(value("partitions")), replicationFactor: 3, configs: {}, parameters, findings, command: `kafka-topics.sh --bootstrap-server kafka:9092 --create --topic ${name} --partitions ${value("partitions")}`, created: !validateOnly } };
  }

  readiness(topic: string): Readiness {
    const letters = topic.endsWith("-dlt") ? topic : null;
    const checks = [
      check("retention", "fail", topic, "Old records are removed", `kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name ${topic} --add-config retention.ms=604800000`),
      check("hot-key", "warn", topic, "No key has most of the records"),
      check("disk", "unknown", topic, "The disks hold it if traffic doubles"),
      check("replication", "ok", "orders.placed-dlt", "Three brokers have a copy"),
    ];
    const measuredAt = iso(0);
    return { topic, cluster: "shop-eu", origin: letters ? "orders.placed" : null, deadLetterTopic: letters, ready: false, counts: { ok: 1, warn: 1, fail: 1, unknown: 1, measuredAt }, checks, measuredAt };
  }
}
