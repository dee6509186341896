package dev.redrive.alert;

import dev.redrive.alert.Episode.Suppression;
import dev.redrive.alert.TellingStore.Inhibiting;
import dev.redrive.filter.FilterException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides, at the moment of sending, whether an alert is kept back: by a silence, or because another alert says it all. A
 * silence that cannot be read any more keeps nothing back.
 */
final class Suppressing {

    private static final Logger log = LoggerFactory.getLogger(Suppressing.class);

    private record Matcher(Silence silence, SubjectFilter filter) {}

    /** In the data of an alert: the failure groups that it names, each with its id. */
    static final String GROUPS = "groups";

    private final AlertRule rule;
    private final List<Matcher> silences = new ArrayList<>();
    private final List<Inhibiting> inhibiting;

    private Suppressing(AlertRule rule, List<Silence> silences, List<Inhibiting> inhibiting) {
        this.rule = rule;
        this.inhibiting = inhibiting;
        for (var silence : silences) {
            try {
                this.silences.add(new Matcher(silence, SubjectFilter.of(silence.query(), SubjectFilter.OF_SILENCES)));
            } catch (FilterException invalid) {
                log.warn("Silence {} keeps nothing back: {}", silence.id(), invalid.getMessage());
            }
        }
    }

    /** @param rule whose alerts they are */
    static Future<Suppressing> now(SqlConnection connection, AlertRule rule, Instant now) {
        return SilenceStore.active(connection, now)
                .compose(silences -> TellingStore.inhibiting(connection)
                        .map(inhibiting -> new Suppressing(rule, silences, inhibiting)));
    }

    /** @return empty where people are told */
    Optional<Suppression> of(Episode alert) {
        return silence(alert).or(() -> inhibition(alert));
    }

    private Optional<Suppression> silence(Episode alert) {
        return silences.stream()
                .filter(each -> each.filter().fits(alert.subject(), alert.title(), alert.severity(), alert.ruleName()))
                .map(each -> new Suppression(
                        "silence",
                        each.silence().id(),
                        Texts.shown("Silence of " + each.silence().author() + ": "
                                + each.silence().reason())))
                .findFirst();
    }

    private Optional<Suppression> inhibition(Episode alert) {
        return inhibiting.stream()
                .filter(other -> other.id() != alert.id() && inhibits(other, alert))
                .map(other -> new Suppression("inhibition", other.id(), other.title()))
                .findFirst();
    }

    /**
     * A cluster that does not answer explains what its topics seem to do; a consumer that is stuck is behind as well; a
     * topic that escalates names the groups that make it so.
     */
    private boolean inhibits(Inhibiting other, Episode alert) {
        var subject = alert.subject();
        return switch (other.condition()) {
            case CLUSTER_UNREACHABLE ->
                alert.condition().isAboutKafka() && other.cluster().equals(subject.cluster());
            case TOPIC_ESCALATING ->
                alert.condition() == Condition.ESCALATING && names(other, subject.shownId()) && tellsAsMany(other);
            default ->
                alert.condition() == Condition.CONSUMER_LAG
                        && other.subject().equals(subject.kind().word() + " " + subject.id());
        };
    }

    private static boolean names(Inhibiting other, String failureGroup) {
        return other.data().getJsonArray(GROUPS, new JsonArray()).stream()
                .anyMatch(
                        each -> ((JsonObject) each).getString("failureGroupId").equals(failureGroup));
    }

    /** Whom the rule tells, the other one tells as well. */
    private boolean tellsAsMany(Inhibiting other) {
        var whom = rule.spec().endpoints();
        return other.endpoints().isEmpty()
                || !whom.isEmpty() && other.endpoints().containsAll(whom);
    }
}
