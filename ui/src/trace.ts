/** A stack trace as blocks: what was thrown, our own frames, and runs of library frames to fold away. */

export type Block =
  | { kind: "head"; text: string }
  | { kind: "own"; text: string }
  | { kind: "library"; frames: string[]; names: string[] };

// Packages of runtimes, frameworks and clients; whatever else has a frame is somebody's own code.
const javaLibraries =
  /^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|org\.(?:springframework|apache|hibernate|jboss|postgresql|slf4j|eclipse|codehaus|junit|reactivestreams|aspectj|graalvm|jetbrains|mongodb|rocksdb|bouncycastle)|com\.(?:fasterxml|google|zaxxer|netflix|mysql|oracle|amazonaws|mongodb|esotericsoftware|github\.benmanes)|io\.(?:vertx|netty|smallrye|quarkus|micrometer|micronaut|confluent|grpc|reactivex|opentelemetry|projectreactor|debezium|lettuce)|reactor|akka|ch\.qos|software\.amazon|net\.bytebuddy|okhttp3|okio|redis|feign)\./;
const otherLibraries = /site-packages|dist-packages|node_modules|node:internal|\/lib\/python|\/usr\/(?:lib|local)\/|\/gems\/|\/vendor\/|<internal:|\bruntime\/|\/src\/runtime\/|goroutine|\bSystem\.|\bMicrosoft\./;
const frame = /^\s+at |^\s*File ".+", line \d+|^\s+\S+\.go:\d+|^\s*#\d+ |^\s+from .+:\d+:in /;

function java(line: string): string | null {
  const match = /^\s*at (?:[^/()\s]+\/{1,2})?([\w$.<>]+)\(/.exec(line);
  return match?.[1] ?? null;
}

function library(line: string): boolean {
  const method = java(line);
  return method ? javaLibraries.test(method) : otherLibraries.test(line);
}

/** What a folded run is called: packages for Java, else nothing. */
function nameOf(line: string): string | null {
  const parts = java(line)?.split(".");
  if (!parts) return null;
  return parts.slice(0, ["org", "com", "io", "net", "software"].includes(parts[0] ?? "") ? 3 : 2).filter((part) => /^[a-z]/.test(part)).join(".");
}

/** @param text as the framework wrote it, any language; bounded by the caller */
export function blocks(text: string): Block[] {
  const found: Block[] = [];
  for (const line of text.replace(/\s+$/, "").split(/\r?\n/)) {
    const last = found.at(-1);
    const more = /^\s*\.\.\. \d+ (?:more|common frames omitted)/.test(line);
    if (more || (frame.test(line) && library(line))) {
      const name = nameOf(line);
      if (last?.kind === "library") {
        last.frames.push(line);
        if (name && !last.names.includes(name)) last.names.push(name);
      } else found.push({ kind: "library", frames: [line], names: name ? [name] : [] });
    } else if (frame.test(line)) found.push({ kind: "own", text: line });
    else if (/^\S/.test(line) || !last) found.push({ kind: "head", text: line });
    else if (last.kind === "library") last.frames.push(line);
    else found.push({ kind: last.kind, text: line });
  }
  return found;
}

/** The first frame of somebody's own code, short: `OrderPriceMapper.toCents:57`. */
export function culprit(text: string): string | null {
  for (const block of blocks(text)) {
    if (block.kind !== "own") continue;
    const match = /at (?:[^/()\s]+\/{1,2})?([\w$.<>]+)\((?:[^():]*:(\d+))?/.exec(block.text);
    if (match?.[1]) return match[1].split(".").slice(-2).join(".") + (match[2] ? `:${match[2]}` : "");
    return block.text.trim();
  }
  return null;
}
