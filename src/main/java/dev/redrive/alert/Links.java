package dev.redrive.alert;

/** What a message points at; everything behind it asks who is there. */
record Links(String publicUrl) {

    String page(String path) {
        return publicUrl + "/ui" + path;
    }

    /** The token stays with whoever runs the command. */
    String curl(String path) {
        return "curl -sS -H \"Authorization: Bearer $REDRIVE_TOKEN\" '" + publicUrl + "/api/v1" + path + "'";
    }
}
