package dev.redrive.alert;

import dev.redrive.cluster.ConsumerFigure;
import dev.redrive.cluster.ConsumerFigureStore;
import dev.redrive.cluster.ConsumerFigureStore.Watch;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Alerts about consumer groups, our own among them, and about clusters that do not answer. */
final class ConsumerSource {

    /** What a shell takes as one word, whoever named the group; for others there is no command. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    /** Figures that are older say nothing about now. */
    private static final Duration FRESH = Duration.ofMinutes(2);

    private final Links links;
    private final long usualLimit;
    private final Map<String, String> own;

    /**
     * @param usualLimit records, where a rule names none; 0: rules that name none never fire
     * @param own consumer group of Redrive by the name of the cluster
     */
    ConsumerSource(Links links, long usualLimit, Map<String, String> own) {
        this.links = links;
        this.usualLimit = usualLimit;
        this.own = Map.copyOf(own);
    }

    /** Behind and not catching up: a burst that drains is none. */
    Future<Looked> behind(SqlClient client, AlertRule rule, Instant now) {
        double limit = rule.threshold(usualLimit);
        return limit == 0
                ? Future.succeededFuture(Looked.all(List.of()))
                : look(client, rule, now, figure -> !isOwn(figure) && isBehind(figure, limit));
    }

    Future<Looked> stuck(SqlClient client, AlertRule rule, Instant now) {
        boolean off = usualLimit == 0 && rule.spec().window() == null;
        return off
                ? Future.succeededFuture(Looked.all(List.of()))
                : look(client, rule, now, figure -> !isOwn(figure) && isStuck(figure, rule, now));
    }

    Future<Looked> ownLag(SqlClient client, AlertRule rule, Instant now) {
        double limit = rule.threshold(0);
        return look(
                client, rule, now, figure -> isOwn(figure) && (isBehind(figure, limit) || isStuck(figure, rule, now)));
    }

    private boolean isOwn(ConsumerFigure figure) {
        return figure.group().equals(own.get(figure.cluster()));
    }

    private static boolean isBehind(ConsumerFigure figure, double limit) {
        return !figure.isOk() && figure.lag() > limit;
    }

    private static boolean isStuck(ConsumerFigure figure, AlertRule rule, Instant now) {
        var since = figure.stuckSince();
        return since != null
                && figure.isStuck(now)
                && !since.plus(rule.window()).isAfter(now);
    }

    private Future<Looked> look(SqlClient client, AlertRule rule, Instant now, Predicate<ConsumerFigure> holds) {
        return ConsumerFigureStore.notOk(client)
                .compose(figures -> ConsumerFigureStore.watches(client).map(watches -> {
                    var unknown = unknown(watches, now);
                    var holding = figures.stream()
                            .filter(figure -> isWatched(figure.cluster()) && !unknown.contains(figure.cluster()))
                            .filter(holds)
                            .map(figure -> notice(rule.condition(), figure, now))
                            .toList();
                    return new Looked(holding, unknown, true);
                }));
    }

    /** Of a cluster that left the settings nobody will ever know more, so what fires about it is over. */
    private boolean isWatched(String cluster) {
        return own.containsKey(cluster);
    }

    private Set<String> unknown(List<Watch> watches, Instant now) {
        return watches.stream()
                .filter(watch -> isWatched(watch.cluster()))
                .filter(watch -> watch.measuredAt() == null
                        || watch.measuredAt().plus(FRESH).isBefore(now))
                .map(Watch::cluster)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Of the clusters that the settings name: nobody asks the others. */
    Future<Looked> unreachable(SqlClient client, Instant now) {
        return ConsumerFigureStore.watches(client)
                .map(watches -> Looked.all(watches.stream()
                        .filter(watch -> watch.failingSince() != null && isWatched(watch.cluster()))
                        .map(watch -> unreachable(watch, now))
                        .toList()));
    }

    private AlertNotice unreachable(Watch watch, Instant now) {
        var since = watch.failingSince();
        return AlertNotice.of(
                Condition.CLUSTER_UNREACHABLE,
                AlertSubject.cluster(watch.cluster()),
                "Cluster " + watch.cluster() + " does not answer",
                1,
                since == null ? now : since,
                "/topics",
                new JsonObject()
                        .put("cluster", watch.cluster())
                        .put("commands", JsonArray.of(links.curl("/clusters"), links.curl("/consumer-groups"))));
    }

    /** {@code since} is when the alert's condition was met and not when the state began, which may be of another one. */
    AlertNotice notice(Condition condition, ConsumerFigure figure, Instant now) {
        var path = "/" + Texts.segment(figure.group());
        var data = new JsonObject()
                .put("cluster", figure.cluster())
                .put("consumerGroup", Texts.bounded(figure.group()))
                .put("topic", figure.topic())
                .put("lag", figure.lag())
                .put("state", figure.state())
                .put("stateSince", Times.rfc3339(figure.since()))
                .put("partitions", partitions(figure))
                .put("commands", commands(figure, path));
        return AlertNotice.of(
                condition,
                AlertSubject.consumer(figure.cluster(), figure.group(), figure.topic()),
                title(figure),
                figure.lag(),
                now,
                "/consumers" + path,
                data);
    }

    private static String title(ConsumerFigure figure) {
        return "Consumer group " + Texts.shown(figure.group()) + " on " + figure.topic()
                + switch (figure.state()) {
                    case "stop" -> " has stopped, ";
                    case "stall" -> " is stuck, ";
                    case "rewind" -> " went back, ";
                    case "beyond" -> " is beyond the end of the log, ";
                    default -> " falls behind, ";
                }
                + Texts.counted(figure.lag(), "record", "records") + " behind";
    }

    private static JsonArray partitions(ConsumerFigure figure) {
        var partitions = new JsonArray();
        figure.partitions()
                .forEach(each -> partitions.add(new JsonObject()
                        .put("partition", each.partition())
                        .put("committed", Long.toString(each.committed()))
                        .put("lag", each.lag())
                        .put("state", each.state())));
        return partitions;
    }

    private JsonArray commands(ConsumerFigure figure, String path) {
        var commands = new JsonArray().add(links.curl("/consumer-groups" + path));
        if (PLAIN.matcher(figure.group()).matches()) {
            commands.add("kafka-consumer-groups.sh --bootstrap-server \"$KAFKA\" --describe --group " + figure.group());
        }
        return commands;
    }
}
