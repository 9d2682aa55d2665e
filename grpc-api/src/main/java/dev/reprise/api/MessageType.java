package dev.reprise.api;

/**
 * Frame types of the service protocol. Control frames are below 0x0400, commands from there to
 * 0x7FFF, notifications from 0x8000 to 0xFBFF, custom commands above.
 */
public final class MessageType {
  public static final int START = 0x0000;
  public static final int SUSPENSION = 0x0001;
  public static final int ERROR = 0x0002;
  public static final int END = 0x0003;
  public static final int COMMAND_ACK = 0x0004;
  public static final int PROPOSE_RUN_COMPLETION = 0x0005;
  public static final int AWAITING_ON = 0x0006;
  public static final int PROPOSE_RUN_COMPLETION_ACK = 0x0007;

  public static final int INPUT = 0x0400;
  public static final int OUTPUT = 0x0401;
  public static final int GET_LAZY_STATE = 0x0402;
  public static final int SET_STATE = 0x0403;
  public static final int CLEAR_STATE = 0x0404;
  public static final int CLEAR_ALL_STATE = 0x0405;
  public static final int GET_LAZY_STATE_KEYS = 0x0406;
  public static final int GET_EAGER_STATE = 0x0407;
  public static final int GET_EAGER_STATE_KEYS = 0x0408;
  public static final int GET_PROMISE = 0x0409;
  public static final int PEEK_PROMISE = 0x040A;
  public static final int COMPLETE_PROMISE = 0x040B;
  public static final int SLEEP = 0x040C;
  public static final int CALL = 0x040D;
  public static final int ONE_WAY_CALL = 0x040E;
  public static final int SEND_SIGNAL = 0x0410;
  public static final int RUN = 0x0411;
  public static final int ATTACH_INVOCATION = 0x0412;
  public static final int GET_INVOCATION_OUTPUT = 0x0413;
  public static final int COMPLETE_AWAKEABLE = 0x0414;

  public static final int GET_LAZY_STATE_COMPLETION = 0x8002;
  public static final int GET_LAZY_STATE_KEYS_COMPLETION = 0x8006;
  public static final int GET_PROMISE_COMPLETION = 0x8009;
  public static final int PEEK_PROMISE_COMPLETION = 0x800A;
  public static final int COMPLETE_PROMISE_COMPLETION = 0x800B;
  public static final int SLEEP_COMPLETION = 0x800C;
  public static final int CALL_COMPLETION = 0x800D;
  public static final int CALL_INVOCATION_ID = 0x800E;
  public static final int RUN_COMPLETION = 0x8011;
  public static final int ATTACH_INVOCATION_COMPLETION = 0x8012;
  public static final int GET_INVOCATION_OUTPUT_COMPLETION = 0x8013;
  public static final int SIGNAL = 0xFBFF;

  /** The built-in signal that asks an invocation to cancel. */
  public static final int CANCEL_SIGNAL = 1;

  private MessageType() {}

  public static boolean isCommand(int type) {
    return type >= 0x0400 && type < 0x8000;
  }

  public static boolean isNotification(int type) {
    return type >= 0x8000 && type < 0xFC00;
  }

  /** The type's name as people read it, or its number when it has none. */
  public static String nameOf(int type) {
    return switch (type) {
      case START -> "Start";
      case SUSPENSION -> "Suspension";
      case ERROR -> "Error";
      case END -> "End";
      case COMMAND_ACK -> "CommandAck";
      case PROPOSE_RUN_COMPLETION -> "ProposeRunCompletion";
      case AWAITING_ON -> "AwaitingOn";
      case PROPOSE_RUN_COMPLETION_ACK -> "ProposeRunCompletionAck";
      case INPUT -> "Input";
      case OUTPUT -> "Output";
      case GET_LAZY_STATE, GET_LAZY_STATE_COMPLETION -> "GetLazyState";
      case SET_STATE -> "SetState";
      case CLEAR_STATE -> "ClearState";
      case CLEAR_ALL_STATE -> "ClearAllState";
      case GET_LAZY_STATE_KEYS, GET_LAZY_STATE_KEYS_COMPLETION -> "GetLazyStateKeys";
      case GET_EAGER_STATE -> "GetEagerState";
      case GET_EAGER_STATE_KEYS -> "GetEagerStateKeys";
      case GET_PROMISE, GET_PROMISE_COMPLETION -> "GetPromise";
      case PEEK_PROMISE, PEEK_PROMISE_COMPLETION -> "PeekPromise";
      case COMPLETE_PROMISE, COMPLETE_PROMISE_COMPLETION -> "CompletePromise";
      case SLEEP, SLEEP_COMPLETION -> "Sleep";
      case CALL, CALL_COMPLETION -> "Call";
      case ONE_WAY_CALL -> "OneWayCall";
      case CALL_INVOCATION_ID -> "CallInvocationId";
      case SEND_SIGNAL -> "SendSignal";
      case RUN, RUN_COMPLETION -> "Run";
      case ATTACH_INVOCATION, ATTACH_INVOCATION_COMPLETION -> "AttachInvocation";
      case GET_INVOCATION_OUTPUT, GET_INVOCATION_OUTPUT_COMPLETION -> "GetInvocationOutput";
      case COMPLETE_AWAKEABLE -> "CompleteAwakeable";
      case SIGNAL -> "Signal";
      default -> String.format(java.util.Locale.ROOT, "0x%04X", type);
    };
  }
}
