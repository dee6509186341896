package dev.redrive.alert;

import dev.redrive.http.Times;
import dev.redrive.letter.LetterWatchStore;
import dev.redrive.letter.LetterWatchStore.OfTopic;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/** Alerts about letters of a dead-letter topic: many in a short time, and those that wait too long. */
final class LetterSource {

    /** A topic that the filter language takes without quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    /** Of a parameter; a longer query is left out of links, which would not fit into a message. */
    private static final int MOST_CHARS = 2_000;

    private final Links links;

    LetterSource(Links links) {
        this.links = links;
    }

    Future<Looked> many(SqlClient client, AlertRule rule, Instant now) {
        double least = Math.max(1, rule.threshold(1));
        return LetterWatchStore.arrived(client, rule.spec().query(), now.minus(rule.window()), now)
                .map(topics -> Looked.all(topics.stream()
                        .filter(topic -> topic.letters() >= least)
                        .map(topic -> notice(
                                rule,
                                topic,
                                now,
                                " id:.." + topic.newest(),
                                Texts.counted(topic.letters(), "letter", "letters") + " arrived in " + topic.topic()
                                        + " within " + words(rule.window())))
                        .toList()));
    }

    Future<Looked> waiting(SqlClient client, AlertRule rule, Instant now) {
        double least = Math.max(1, rule.threshold(1));
        return LetterWatchStore.waiting(client, rule.spec().query(), rule.window(), now)
                .map(topics -> Looked.all(topics.stream()
                        .filter(topic -> topic.letters() >= least)
                        .map(topic -> notice(
                                rule,
                                topic,
                                topic.since().plus(rule.window()),
                                " ts:<=" + Times.rfc3339(now.minus(rule.window())) + " id:.." + topic.newest(),
                                Texts.counted(topic.letters(), "letter of ", "letters of ") + topic.topic() + " "
                                        + (topic.letters() == 1 ? "is" : "are") + " open for more than "
                                        + words(rule.window())))
                        .toList()));
    }

    /**
     * @param since when the condition began to hold, which is not when the first letter came
     * @param frozen terms by which the linked list never grows: the link of an alert is the one that it began with
     */
    private AlertNotice notice(AlertRule rule, OfTopic topic, Instant since, String frozen, String title) {
        var parameter = parameter(rule, topic, "");
        var data = new JsonObject()
                .put("topic", topic.topic())
                .put("cluster", topic.cluster())
                .put("letters", topic.letters())
                .put("commands", JsonArray.of(links.curl("/dead-letters" + parameter), links.curl("/overview")));
        return AlertNotice.of(
                rule.condition(),
                AlertSubject.topic(topic.cluster(), topic.topic(), ""),
                title,
                topic.letters(),
                since,
                "/letters" + parameter(rule, topic, frozen),
                data);
    }

    private static String parameter(AlertRule rule, OfTopic topic, String frozen) {
        var open = "topic:" + (PLAIN.matcher(topic.topic()).matches() ? topic.topic() : "\"" + topic.topic() + "\"")
                + " is:open" + frozen;
        var query = rule.spec().query();
        var whole = encoded(query == null ? open : open + " (" + query + ")");
        return "?q=" + (whole.length() < MOST_CHARS ? whole : encoded(open));
    }

    private static String encoded(String q) {
        return URLEncoder.encode(q, StandardCharsets.UTF_8);
    }

    private static String words(Duration time) {
        if (time.toHours() >= 1 && time.toMinutesPart() == 0) {
            return Texts.counted(time.toHours(), "hour", "hours");
        }
        return time.toMinutes() >= 1 && time.toSecondsPart() == 0
                ? Texts.counted(time.toMinutes(), "minute", "minutes")
                : Texts.counted(time.toSeconds(), "second", "seconds");
    }
}
