package dev.redrive.alert;

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
                                Texts.counted(topic.letters(), "letter of ", "letters of ") + topic.topic() + " "
                                        + (topic.letters() == 1 ? "is" : "are") + " open for more than "
                                        + words(rule.window())))
                        .toList()));
    }

    private AlertNotice notice(AlertRule rule, OfTopic topic, String title) {
        var query = rule.spec().query();
        var q = "topic:" + (PLAIN.matcher(topic.topic()).matches() ? topic.topic() : "\"" + topic.topic() + "\"")
                + " is:open" + (query == null ? "" : " (" + query + ")");
        var parameter = "?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8);
        var data = new JsonObject()
                .put("topic", topic.topic())
                .put("cluster", topic.cluster())
                .put("letters", topic.letters());
        if (parameter.length() < 2_000) {
            data.put("commands", JsonArray.of(links.curl("/dead-letters" + parameter), links.curl("/overview")));
        }
        return AlertNotice.of(
                rule.condition(),
                AlertSubject.topic(topic.cluster(), topic.topic(), ""),
                title,
                topic.letters(),
                topic.since(),
                "/letters" + parameter,
                data);
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
