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
            "java.net.UnknownHostException",
            "java.net.URISyntaxException",
            "runtime.boundsError",
            "scala.MatchError",
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
            "UnicodeDecodeError",
            "UnicodeEncodeError",
            "ZodError");

    private static final Set<String> BYTES = Set.of("InvalidProtocolBufferException", "AvroTypeException");

    /** HTTP clients of other languages, which have no namespaces to know a library by. */
    private static final String[] CLIENTS = {
        "requests.", "httpx.", "aiohttp.", "urllib3.", "AxiosError", "Faraday::", "RestClient::", "GuzzleHttp\\"
    };

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
                || simple.equals("SyntaxError") && (message.contains("JSON") || thrownByLibrary(innermost));
        boolean answered = status != null && (ofLibrary(type) || ofClient(type, innermost));
        return !RUNTIME.contains(type) && !decoding && !answered && !thrownByRuntime(type, innermost);
    }

    /** The bytes of one topic are decoded in one place, so what the decoder says of them is enough. */
    static boolean aboutBytes(@Nullable String type) {
        return type != null && BYTES.contains(RootCause.simple(type));
    }

    /** Its message is the host, and behind that what the operating system called it. */
    static boolean onlyNamesHost(@Nullable String type) {
        return type != null && type.equals("java.net.UnknownHostException");
    }

    /** Whose wording changes with the library's version. */
    static boolean ofLibrary(@Nullable String type) {
        return type == null || OwnCode.isJavaLibrary(type) || OwnCode.isDotnetLibrary(type);
    }

    /** Known by its name, or thrown within a library as own exceptions never are. */
    static boolean ofClient(@Nullable String type, List<Frame> innermost) {
        return type != null && (startsWith(type, CLIENTS) || thrownByLibrary(innermost));
    }

    private static boolean thrownByLibrary(List<Frame> frames) {
        return !frames.isEmpty() && frames.get(0).origin() == Frame.Origin.LIBRARY;
    }

    /** An exception of the language's own, from a check inside its library and not from own code. */
    private static boolean thrownByRuntime(String type, List<Frame> frames) {
        if (frames.isEmpty()) {
            return false;
        }
        String thrower = frames.get(0).function();
        boolean java = startsWith(type, JDK) && startsWith(thrower, JDK_CODE);
        boolean dotnet = type.startsWith("System.")
                && (type.indexOf('.', 7) < 0 || type.startsWith("System.Collections."))
                && thrower.startsWith("System.");
        boolean python = (type.equals("ValueError") || type.equals("UnicodeDecodeError")) && thrownByLibrary(frames);
        return java || dotnet || python;
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
