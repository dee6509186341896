package dev.redrive.alert;

import dev.redrive.http.Times;
import dev.redrive.letter.LetterWatchStore;
import dev.redrive.letter.LetterWatchStore.OfTopic;
import dev.redrive.letter.TopicRateStore;
import dev.redrive.letter.TopicRateStore.Rise;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Alerts about letters of a dead-letter topic: many in a short time, and those that wait too long. */
final class LetterSource {

    /** A topic that the filter language takes without quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    /** Of a parameter; a longer query is left out of links, which would not fit into a message. */
    private static final int MOST_CHARS = 2_000;

    private static final String OPEN = " is:open";

    /** So that 20 groups leave room for the rest of a message. */
    private static final int GROUP_CHARS = 120;

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
                                OPEN + upTo(topic),
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
                                OPEN + " ts:<=" + Times.rfc3339(now.minus(rule.window())) + upTo(topic),
                                Texts.counted(topic.letters(), "letter of ", "letters of ") + topic.topic() + " "
                                        + (topic.letters() == 1 ? "is" : "are") + " open for more than "
                                        + words(rule.window())))
                        .toList()));
    }

    Future<Looked> escalating(SqlClient client, AlertRule rule, Instant now) {
        return TopicRateStore.escalating(client, rule.spec().query(), rule.window(), rule.threshold(3), now)
                .map(topics -> Looked.upTo(
                        TopicRateStore.MOST,
                        topics.stream().map(rise -> notice(rule, rise, now)).toList()));
    }

    /** With the groups whose letters they are: of those that it names nobody is told a second time. */
    private AlertNotice notice(AlertRule rule, Rise rise, Instant now) {
        var since = rise.since().toString();
        var topic = new OfTopic(rise.cluster(), rise.topic(), rise.letters(), now, rise.newest());
        var title = rise.topic() + " escalates: " + Texts.counted(rise.letters(), "letter", "letters") + " since "
                + since + ", usually " + anHour(rise.usual());
        var groups = new JsonArray();
        rise.groups()
                .forEach(part -> groups.add(new JsonObject()
                        .put("failureGroupId", Long.toString(part.failureGroupId()))
                        .put("title", Texts.bounded(part.title(), GROUP_CHARS))
                        .put("letters", part.letters())));
        var data = data(rule, topic)
                .put(
                        "failures",
                        rise.groups().stream()
                                .limit(3)
                                .map(part -> Texts.bounded(part.title(), GROUP_CHARS) + " (" + part.letters() + ")")
                                .collect(Collectors.joining(", ")))
                .put(Suppressing.GROUPS, groups);
        return notice(rule, topic, now, " ts:>=" + since + upTo(topic), title, data);
    }

    private static String anHour(double letters) {
        return letters == 0 ? "none" : letters < 1 ? "less than 1 an hour" : Math.round(letters) + " an hour";
    }

    private static String upTo(OfTopic topic) {
        return " id:.." + topic.newest();
    }

    private JsonObject data(AlertRule rule, OfTopic topic) {
        return new JsonObject()
                .put("topic", topic.topic())
                .put("cluster", topic.cluster())
                .put("letters", topic.letters())
                .put(
                        "commands",
                        JsonArray.of(
                                links.curl("/dead-letters" + parameter(rule, topic, OPEN)), links.curl("/overview")));
    }

    /**
     * @param since when the condition began to hold, which is not when the first letter came
     * @param frozen terms by which the linked list never grows: the link of an alert is the one that it began with
     */
    private AlertNotice notice(AlertRule rule, OfTopic topic, Instant since, String frozen, String title) {
        return notice(rule, topic, since, frozen, title, data(rule, topic));
    }

    private static AlertNotice notice(
            AlertRule rule, OfTopic topic, Instant since, String frozen, String title, JsonObject data) {
        return AlertNotice.of(
                rule.condition(),
                AlertSubject.topic(topic.cluster(), topic.topic(), ""),
                title,
                topic.letters(),
                since,
                "/letters" + parameter(rule, topic, frozen),
                data);
    }

    private static String parameter(AlertRule rule, OfTopic topic, String terms) {
        var ofTopic = "topic:" + (PLAIN.matcher(topic.topic()).matches() ? topic.topic() : "\"" + topic.topic() + "\"")
                + terms;
        var query = rule.spec().query();
        var whole = encoded(query == null ? ofTopic : ofTopic + " (" + query + ")");
        return "?q=" + (whole.length() < MOST_CHARS ? whole : encoded(ofTopic));
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
