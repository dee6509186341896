package dev.redrive.replay;

import java.util.Set;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/** Which answers of a broker are about the record itself, so that sending it again would be refused again. */
final class Refusals {

    private static final Set<Class<? extends Throwable>> FINAL = Set.of(
            RecordTooLargeException.class,
            RecordBatchTooLargeException.class,
            TopicAuthorizationException.class,
            InvalidTopicException.class,
            InvalidRecordException.class,
            InvalidTimestampException.class,
            UnsupportedForMessageFormatException.class,
            PolicyViolationException.class,
            SerializationException.class);

    private Refusals() {}

    /** Looks at the causes too: after the first refusal a transaction answers everything with a wrapper around it. */
    static boolean isFinal(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (FINAL.contains(cause.getClass())) {
                return true;
            }
        }
        return false;
    }
}
