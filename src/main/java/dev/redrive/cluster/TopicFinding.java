package dev.redrive.cluster;

import java.util.Locale;

/**
 * Something about a planned topic that is worth a word.
 *
 * @param id stable; what {@code accept} names
 * @param pointer JSON pointer (RFC 6901) into the request
 * @param detail a sentence: what is wrong and what comes of it
 */
record TopicFinding(String id, Level level, String pointer, String detail) {

    static final String EXISTS = "exists";

    enum Level {
        /** It is not made. */
        REFUSAL,
        /** It is made once the caller accepts it by its id. */
        WARNING,
        /** Nothing has to be done about it. */
        ADVICE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static TopicFinding exists(String topic) {
        return refusal(EXISTS, "/name", "There is a topic " + topic + " already.");
    }

    static TopicFinding refusal(String id, String pointer, String detail) {
        return new TopicFinding(id, Level.REFUSAL, pointer, detail);
    }

    static TopicFinding warning(String id, String pointer, String detail) {
        return new TopicFinding(id, Level.WARNING, pointer, detail);
    }

    static TopicFinding advice(String id, String pointer, String detail) {
        return new TopicFinding(id, Level.ADVICE, pointer, detail);
    }
}
