package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessAspect.ACL;
import static dev.redrive.cluster.ReadinessAspect.ACL_GROUP;
import static dev.redrive.cluster.ReadinessAspect.ACL_TRANSACTIONS;
import static dev.redrive.cluster.ReadinessAspect.ALERT;
import static dev.redrive.cluster.ReadinessAspect.HEADERS;
import static dev.redrive.cluster.ReadinessAspect.INGEST;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Whether Redrive can do for the dead-letter topic what is expected of it. */
final class ReadinessServiceRules {

    private static final double LEAST_PLACED = 0.9;

    private final ReadinessFacts facts;
    private final TopicState letters;
    private final TopicCommand command;

    ReadinessServiceRules(ReadinessFacts facts, TopicState letters, TopicCommand command) {
        this.facts = facts;
        this.letters = letters;
        this.command = command;
    }

    List<ReadinessCheck> checks() {
        var name = letters.name();
        var checks = new ArrayList<ReadinessCheck>();
        checks.add(acl(letters, facts.source(), facts.hidden(), command));
        checks.addAll(rights(name));
        checks.addAll(List.of(
                facts.stored().check(HEADERS, name, stored -> headers(name, stored)),
                facts.stored().check(INGEST, name, stored -> ingest(name, stored)),
                facts.told().check(ALERT, name, told -> alert(name, told))));
        return checks;
    }

    private List<ReadinessCheck> rights(String name) {
        var rights = facts.rights();
        return rights.value()
                .map(found -> found.checks(name, command))
                .orElseGet(() -> List.of(
                        ACL_GROUP.unknown(name, rights.whyNot()), ACL_TRANSACTIONS.unknown(name, rights.whyNot())));
    }

    /** Of a topic that Kafka does not show us, whether it exists or not. */
    static ReadinessCheck hidden(String topic, TopicCommand command) {
        return ACL.fail(
                topic,
                "It lacks Describe of " + topic + ", so that nothing else can be said of it.",
                command.allow(topic, List.of("Describe", "DescribeConfigs", "Read")));
    }

    /**
     * A cluster without an authorizer allows everything and says so.
     *
     * @param hidden the origin, where Kafka does not show it to us
     */
    static ReadinessCheck acl(
            TopicState letters, @Nullable TopicState source, @Nullable String hidden, TopicCommand command) {
        var read = missing(letters.allowed(), List.of(AclOperation.DESCRIBE, AclOperation.READ));
        var write = source == null ? List.<String>of() : missing(source.allowed(), List.of(AclOperation.WRITE));
        if (read == null || write == null) {
            return ACL.unknown(letters.name(), "The cluster does not tell what Redrive may do.");
        }
        var commands = new ArrayList<String>();
        var lacks = new ArrayList<String>();
        if (!read.isEmpty()) {
            lacks.add(String.join(" and ", read) + " of " + letters.name());
            commands.add(command.allow(letters.name(), read));
        }
        if (source != null && !write.isEmpty()) {
            lacks.add("Write of " + source.name());
            commands.add(command.allow(source.name(), write));
        }
        if (source == null && hidden != null) {
            lacks.add("Describe and Write of " + hidden);
            commands.add(command.allow(hidden, List.of("Describe", "Write")));
        }
        return lacks.isEmpty()
                ? ACL.ok(letters.name(), "It may.")
                : ACL.fail(
                        letters.name(),
                        "It lacks " + String.join(", and ", lacks) + ".",
                        String.join(" && ", commands));
    }

    private static boolean lacks(TopicState topic, AclOperation operation) {
        var missing = missing(topic.allowed(), List.of(operation));
        return missing != null && !missing.isEmpty();
    }

    /** @return what is lacking, in the words of kafka-acls; null where the cluster did not say */
    static @Nullable List<String> missing(@Nullable Set<AclOperation> allowed, List<AclOperation> wanted) {
        if (allowed == null || allowed.isEmpty()) {
            return null;
        }
        return allowed.contains(AclOperation.ALL)
                ? List.of()
                : wanted.stream()
                        .filter(operation -> !allowed.contains(operation))
                        .map(operation -> operation.name().charAt(0)
                                + operation.name().substring(1).toLowerCase(Locale.ROOT))
                        .toList();
    }

    private static ReadinessCheck headers(String name, ReadinessStore.Stored stored) {
        if (stored.letters() == 0) {
            return HEADERS.unknown(name, "No letter was stored yet.");
        }
        var measured = stored.placed() + " of the newest " + stored.letters()
                + " letters name the topic and offset they failed at.";
        return stored.placed() < stored.letters() * LEAST_PLACED
                ? HEADERS.warn(name, measured + " docs/conventions.md says what frameworks write.", null)
                : HEADERS.ok(name, measured);
    }

    private ReadinessCheck ingest(String name, ReadinessStore.Stored stored) {
        boolean withoutGroup =
                facts.rights().value().map(rights -> rights.group().isLacking()).orElse(false);
        if (!stored.read() && (withoutGroup || lacks(letters, AclOperation.READ))) {
            // One cause is one finding, and the other check has the command.
            return INGEST.unknown(name, "Redrive may not read it.");
        }
        if (stored.pausedBy() != null) {
            return INGEST.fail(name, "Paused by " + stored.pausedBy() + ". Read it again on the topics screen.", null);
        }
        return stored.read()
                ? INGEST.ok(name, "It is read.")
                : INGEST.fail(
                        name,
                        "Redrive has not read it. A new topic is read within 10 s; a name of another form needs REDRIVE_TOPICS_INCLUDE.",
                        null);
    }

    private static ReadinessCheck alert(String name, Told.Answer told) {
        return switch (told) {
            case YES -> ALERT.ok(name, "A rule tells an endpoint of its letters.");
            case NO_RULE ->
                ALERT.warn(
                        name,
                        "No rule that is on and has an endpoint tells of its letters. Rules are on the alerts screen.",
                        null);
            case NO_ENDPOINT ->
                // One cause is one finding, of the installation and not of each of its topics.
                ALERT.unknown(
                        name, "There is no endpoint, so nobody is told of any topic: the topics screen says so once.");
        };
    }
}
