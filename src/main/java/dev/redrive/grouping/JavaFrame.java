package dev.redrive.grouping;

/**
 * Reads {@code java.base/java.lang.Thread.run(Thread.java:840)} and undoes the names that compilers make. A frame
 * without a parenthesis is the end of a trace that was cut, and tells nothing.
 */
final class JavaFrame {

    private static final String ANONYMOUS = "$anonfun$";

    private JavaFrame() {}

    static Frame parse(String text) {
        int open = text.indexOf('(');
        String name = open < 0 ? text : text.substring(0, open);
        if (open < 0 || made(name)) {
            return Frame.made(name);
        }
        String call = name.substring(name.lastIndexOf('/') + 1);
        int dot = call.lastIndexOf('.');
        if (dot <= 0) {
            return Frame.made(name);
        }
        String type = call.substring(0, dot);
        if (OwnCode.isJavaLibrary(type) || generatedStub(type)) {
            return Frame.library(call);
        }
        String function = function(type, call.substring(dot + 1));
        return Frame.own(function, OwnCode.isOuterType(type));
    }

    /** Proxies, hidden classes, bridges to private members. */
    private static boolean made(String name) {
        return name.contains("$$")
                || name.contains("$Proxy")
                || name.contains("GeneratedMethodAccessor")
                || name.contains("GeneratedConstructorAccessor")
                || name.contains("_ClientProxy.")
                || name.contains("_Subclass.")
                || name.contains("$HibernateProxy$")
                || name.contains("$ByteBuddy$")
                || name.contains("LambdaForm")
                || name.contains(".access$");
    }

    /** The client that protoc made of an interface, {@code CreditGrpc$CreditBlockingStub}. */
    private static boolean generatedStub(String type) {
        return type.contains("Grpc$") && type.endsWith("Stub");
    }

    /**
     * {@code C.lambda$m$3}, {@code C.m$lambda$0}, {@code C$m$1.invoke}, {@code C$1.m}, of Scala {@code C$.$anonfun$m$1}
     * and of Groovy {@code C$_m_closure1.doCall} are all {@code C.m}.
     */
    private static String function(String type, String method) {
        String name = method;
        if (name.startsWith("lambda$")) {
            int end = name.lastIndexOf('$');
            name = end > 7 ? name.substring(7, end) : name.substring(7);
        }
        name = name.startsWith(ANONYMOUS) ? before(name.substring(ANONYMOUS.length()), "$") : name;
        name = before(before(name, "$lambda"), "$default");
        int mangled = name.indexOf('-');
        name = mangled > 0 ? name.substring(0, mangled) : name;
        String outer = type.endsWith("$") ? type.substring(0, type.length() - 1) : type;
        int dollar = outer.lastIndexOf('$');
        while (dollar > 0 && dollar + 1 < outer.length() && !Character.isUpperCase(outer.charAt(dollar + 1))) {
            String inner = outer.substring(dollar + 1);
            boolean invoked = method.startsWith("invoke") || method.equals("emit") || method.equals("apply");
            if (invoked && Character.isLowerCase(inner.charAt(0))) {
                name = inner;
            }
            int closure = inner.lastIndexOf("_closure");
            name = closure > 1 && inner.charAt(0) == '_' ? inner.substring(1, closure) : name;
            outer = outer.substring(0, dollar);
            dollar = outer.lastIndexOf('$');
        }
        return outer + "." + (name.isEmpty() ? method : name);
    }

    private static String before(String name, String mark) {
        int at = name.indexOf(mark);
        return at > 0 ? name.substring(0, at) : name;
    }
}
