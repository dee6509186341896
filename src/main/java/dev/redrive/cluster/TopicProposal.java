package dev.redrive.cluster;

import dev.redrive.cluster.TopicFinding.Level;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A plan with what was found about it.
 *
 * @param recommended what we would make instead
 * @param command the same for Kafka's own tool
 */
record TopicProposal(
        String cluster, TopicPlan plan, TopicPlan recommended, List<TopicFinding> findings, String command) {

    TopicProposal {
        findings = List.copyOf(findings);
    }

    boolean isRefused() {
        return findings.stream().anyMatch(finding -> finding.level() == Level.REFUSAL);
    }

    TopicProposal with(TopicFinding finding) {
        var more = new ArrayList<>(findings);
        more.add(finding);
        return new TopicProposal(cluster, plan, recommended, more, command);
    }

    /**
     * Throws where it must not be made.
     *
     * @param accepted ids of warnings
     */
    void refuseUnless(Set<String> accepted) {
        if (findings.stream().anyMatch(finding -> finding.id().equals(TopicFinding.EXISTS))) {
            throw exists(plan.name());
        }
        var standing = findings.stream()
                .filter(finding -> finding.level() == Level.REFUSAL
                        || finding.level() == Level.WARNING && !accepted.contains(finding.id()))
                .toList();
        if (!standing.isEmpty()) {
            var errors = new JsonArray();
            standing.forEach(finding -> errors.add(new JsonObject()
                    .put("pointer", finding.pointer())
                    .put("detail", finding.detail())
                    .put("id", finding.id())
                    .put("level", finding.level().word())));
            throw new RefusedException(
                    ProblemCode.UNPROCESSABLE,
                    isRefused()
                            ? "The topic is not made: " + standing.get(0).detail()
                            : "Name the warnings in accept to make it all the same",
                    new JsonObject().put("errors", errors));
        }
    }

    static RefusedException exists(String name) {
        var error = new JsonObject().put("pointer", "/name").put("detail", "It exists");
        return new RefusedException(
                ProblemCode.CONFLICT_STATE,
                "There is a topic " + name + " already",
                new JsonObject().put("errors", new JsonArray().add(error)).put("allowedActions", new JsonArray()));
    }

    /** @param created whether the topic exists now because of it */
    JsonObject toJson(boolean created) {
        var parameters = new JsonArray();
        for (var parameter : TopicParameter.values()) {
            parameters.add(new JsonObject()
                    .put("name", parameter.parameter())
                    .put("config", parameter.isConfig())
                    .put("value", parameter.valueIn(plan))
                    .put("recommended", parameter.valueIn(recommended))
                    .put("meaning", parameter.meaning()));
        }
        var found = new JsonArray();
        findings.forEach(finding -> found.add(new JsonObject()
                .put("id", finding.id())
                .put("level", finding.level().word())
                .put("pointer", finding.pointer())
                .put("detail", finding.detail())));
        var configs = new JsonObject();
        plan.configs().forEach(configs::put);
        return new JsonObject()
                .put("name", plan.name())
                .put("cluster", cluster)
                .put("origin", plan.origin())
                .put("partitions", plan.partitions())
                .put("replicationFactor", plan.replicationFactor())
                .put("configs", configs)
                .put("parameters", parameters)
                .put("findings", found)
                .put("command", command)
                .put("created", created);
    }
}
