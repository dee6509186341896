package dev.redrive.alert;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * That a condition holds for a subject, or holds no more. To say the same again changes nothing but the figures, so
 * whoever looks again and again tells again and again.
 *
 * @param holds false: it is over; of a moment it is always true
 * @param title a sentence for people, without anything out of a record
 * @param count how many letters, records or whatever the title counts; 1 where nothing is counted
 * @param since when it began
 * @param path of the screen that shows it, below {@code /ui}
 * @param data what the message says besides: ids, counts and names, below 8 KiB as JSON, never a payload
 */
public record AlertNotice(
        Condition condition,
        boolean holds,
        AlertSubject subject,
        String title,
        long count,
        Instant since,
        String path,
        JsonObject data) {

    /** In the data of an alert: the address of the runbook of its subject, which goes before that of the rule. */
    static final String RUNBOOK = "runbook";

    /** In the data of an alert that is over, and of the message that says so. */
    static final String OVER_BECAUSE = "overBecause";

    public AlertNotice {
        data = data.copy();
    }

    /** It holds. */
    public static AlertNotice of(
            Condition condition,
            AlertSubject subject,
            String title,
            long count,
            Instant since,
            String path,
            JsonObject data) {
        return new AlertNotice(condition, true, subject, title, count, since, path, data);
    }

    /** It is over. */
    public static AlertNotice over(Condition condition, AlertSubject subject, Instant now) {
        return new AlertNotice(condition, false, subject, "", 0, now, "", new JsonObject());
    }

    /** It is over, but nothing got well. @param because a sentence for people, 500 characters at most */
    public static AlertNotice over(Condition condition, AlertSubject subject, Instant now, String because) {
        return new AlertNotice(condition, false, subject, "", 0, now, "", new JsonObject().put(OVER_BECAUSE, because));
    }
}
