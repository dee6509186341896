package dev.redrive.cli;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** How the work stands: clusters and their lanes, topics, replays that wait for a person. */
final class State {

    private final Api api;

    State(Api api) {
        this.api = api;
    }

    List<Finding> look() {
        var findings = new ArrayList<Finding>();
        api.get("/clusters").orFail().items().forEach(cluster -> findings.addAll(cluster(cluster)));
        findings.addAll(topics());
        findings.add(uncertain());
        findings.add(held());
        return findings;
    }

    private static List<Finding> cluster(JsonObject cluster) {
        var name = "cluster " + cluster.getString("name");
        if (!cluster.getBoolean("configured")) {
            return List.of(Finding.note(
                    name,
                    "It is known and no longer in the settings",
                    "Its letters cannot be replayed.",
                    "Configure it again, or leave it."));
        }
        var findings = new ArrayList<Finding>();
        findings.add(
                cluster.getBoolean("reachable")
                        ? Finding.ok(name, "Kafka answers")
                        : Finding.problem(
                                name,
                                "Kafka does not answer within 2 s",
                                "Nothing is read from it and nothing is replayed.",
                                "Look at the brokers and at REDRIVE_KAFKA_BOOTSTRAP_SERVERS."));
        var lanes = Answer.objects(cluster.getJsonArray("lanes"));
        findings.add(mode(name, lanes));
        lanes.stream()
                .filter(lane -> lane.getString("health").equals("hold"))
                .forEach(lane -> findings.add(Finding.problem(
                        name + ", lane " + lane.getInteger("lane"),
                        "On hold: " + lane.getString("detail"),
                        "Nothing of this lane is sent, because nobody could prove what was.",
                        "Decide about its uncertain replays, then reset it: docs/replay.md, Death at each step.")));
        return findings;
    }

    private static Finding mode(String name, List<JsonObject> lanes) {
        var modes = new TreeSet<String>();
        lanes.forEach(lane -> modes.add(lane.getString("mode") == null ? "not known yet" : lane.getString("mode")));
        var said = "Replay mode " + (modes.isEmpty() ? "not known yet" : String.join(", ", modes));
        return modes.contains("fallback") || modes.contains("best-effort")
                ? Finding.note(
                        name,
                        said,
                        "After a crash it may not be provable that a record was sent once.",
                        "Kafka 4.0 or newer with transaction.version 2, and leave to use transactions: docs/replay.md, Modes.")
                : Finding.ok(name, said);
    }

    private List<Finding> topics() {
        var answer = api.get("/topics").orFail();
        var topics = answer.items();
        var findings = new ArrayList<Finding>();
        findings.add(
                topics.isEmpty()
                        ? Finding.note(
                                "topics",
                                "No dead-letter topic is read",
                                "Nothing will ever be shown.",
                                "Topics are found by their names; name others with REDRIVE_TOPICS_INCLUDE.")
                        : Finding.ok("topics", topics.size() + " read"));
        for (var finding : Answer.objects(answer.body().getJsonArray("findings"))) {
            findings.add(Finding.note(
                    finding.getString("id"),
                    finding.getString("measured"),
                    finding.getString("why"),
                    finding.getString("fix")));
        }
        for (var topic : topics) {
            var paused = topic.getJsonObject("paused");
            if (paused != null) {
                findings.add(Finding.note(
                        "topic " + topic.getString("name"),
                        "Paused by " + paused.getString("by") + " since " + paused.getString("at")
                                + (paused.getString("reason") == null ? "" : ": " + paused.getString("reason")),
                        "New letters stay in Kafka, and Kafka drops them when its retention is over.",
                        "Resume it on the page of the topic."));
            }
        }
        return findings;
    }

    private Finding uncertain() {
        var body =
                new JsonObject().put("q", "outcome:uncertain").put("limit", 1).put("count", true);
        long count = api.post("/dead-letters/search", body)
                .orFail()
                .body()
                .getJsonObject("total")
                .getLong("value");
        return count == 0
                ? Finding.ok("replays", "None is uncertain")
                : Finding.problem(
                        "replays",
                        count + " uncertain",
                        "It cannot be proven whether these records were sent; nobody sends them again on a guess.",
                        "redrive ls outcome:uncertain, look into the target, and decide on the page of each letter.");
    }

    private Finding held() {
        int count = api.get("/jobs?state=paused&limit=500").orFail().items().size();
        return count == 0
                ? Finding.ok("jobs", "None is held")
                : Finding.note(
                        "jobs",
                        count + " held",
                        "Their letters are replaying until the jobs go on or end.",
                        "redrive job list --state paused, then redrive job resume or cancel.");
    }
}
