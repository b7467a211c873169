package io.tcpcopy.tunnel;

/** Takes response records. */
@FunctionalInterface
public interface ResponseHandler {
    /** Called for each record, valid or not. The view is only good during the call. */
    void response(ResponseRecord response);
}
