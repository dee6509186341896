package dev.redrive.grouping;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the words of a message are part of the defect. They are where somebody wrote them for this case; they are
 * not where a runtime words the same mistake differently from version to version, or describes the record.
 */
final class Wording {

    /** Thrown by the JVM or by the JDK's own checks: class and place say it all. */
    private static final Set<String> RUNTIME = Set.of(
            "java.lang.NullPointerException",
            "java.lang.ArrayIndexOutOfBoundsException",
            "java.lang.StringIndexOutOfBoundsException",
            "java.lang.IndexOutOfBoundsException",
            "java.lang.ClassCastException",
            "java.lang.ArithmeticException",
            "java.lang.NegativeArraySizeException",
            "java.lang.ArrayStoreException",
            "java.lang.NumberFormatException",
            "java.lang.OutOfMemoryError",
            "java.lang.StackOverflowError",
            "java.util.NoSuchElementException",
            "java.util.ConcurrentModificationException");
    /** Say where in the record they stumbled, and over what. */
    private static final Set<String> DECODERS = Set.of(
            "JSONDecodeError",
            "JsonSyntaxException",
            "JsonParseException",
            "JsonEOFException",
            "JsonReaderException",
            "JsonDecodingException",
            "ParserError",
            "MalformedJsonException",
            "DecodeException",
            "ZodError");

    private static final String[] JDK = {
        "java.lang.", "java.util.", "java.time.", "java.text.", "java.math.", "java.nio."
    };
    private static final String[] JDK_CODE = {"java.", "javax.", "jdk.", "sun.", "kotlin."};

    private Wording() {}

    /**
     * @param innermost frames of the exception
     * @param status of an HTTP answer, which says more than the client's words around it
     */
    static boolean counts(@Nullable String type, String message, List<Frame> innermost, @Nullable String status) {
        if (type == null) {
            return true;
        }
        String simple = RootCause.simple(type);
        boolean decoding = DECODERS.contains(simple)
                || type.startsWith("com.fasterxml.jackson.")
                || type.startsWith("tools.jackson.")
                || simple.equals("SyntaxError") && message.contains("JSON");
        boolean answered = status != null && (OwnCode.isJavaLibrary(type) || OwnCode.isDotnetLibrary(type));
        return !RUNTIME.contains(type) && !decoding && !answered && !(startsWith(type, JDK) && thrownByJdk(innermost));
    }

    private static boolean thrownByJdk(List<Frame> frames) {
        return !frames.isEmpty() && startsWith(frames.get(0).function(), JDK_CODE);
    }

    private static boolean startsWith(String text, String[] prefixes) {
        for (String prefix : prefixes) {
            if (text.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
