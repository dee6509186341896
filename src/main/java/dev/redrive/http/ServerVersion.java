package dev.redrive.http;

/** The version of this build, as the jar's manifest tells it. */
public final class ServerVersion {

    private ServerVersion() {}

    /** @return {@code dev} where we do not run from a jar */
    public static String get() {
        var version = ServerVersion.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
