import Core

/// What a flow is for the engine.
enum PatternRole: String, Sendable {
  case aside = "pattern_aside"
  case cancelFlow = "pattern_cancel_flow"
  case cannotHandle = "pattern_cannot_handle"
  case chitchat = "pattern_chitchat"
  case clarification = "pattern_clarification"
  case approval = "pattern_approval"
  case codeChange = "pattern_code_change"
  case compensation = "pattern_compensation"
  case consent = "pattern_consent"
  case denied = "pattern_denied"
  case identify = "pattern_identify"
  case collectInformation = "pattern_collect_information"
  case completed = "pattern_completed"
  case confirmSlot = "pattern_confirm_slot"
  case conversationResumed = "pattern_conversation_resumed"
  case continueInterrupted = "pattern_continue_interrupted"
  case correction = "pattern_correction"
  case customerSatisfaction = "pattern_customer_satisfaction"
  case goodbye = "pattern_goodbye"
  case hold = "pattern_hold"
  case humanHandoff = "pattern_human_handoff"
  case internalError = "pattern_internal_error"
  case keyMenu = "pattern_key_menu"
  case repeatBotMessages = "pattern_repeat_bot_messages"
  case restart = "pattern_restart"
  case search = "pattern_search"
  case sessionStart = "pattern_session_start"
  case skipQuestion = "pattern_skip_question"
  case userSilence = "pattern_user_silence"
  case validateSlot = "pattern_validate_slot"
  /// A journey, or a pattern of the author's own.
  case none = ""

  init(_ id: FlowID) { self = PatternRole(rawValue: id.rawValue) ?? .none }

  /// Whether it belongs to the step below it and lives as long as that waits for it.
  var isPartOfStep: Bool {
    switch self {
    case .collectInformation, .validateSlot, .confirmSlot: true
    default: false
    }
  }

  /// Whether it is given up when the caller goes on with a journey.
  var givesWay: Bool {
    switch self {
    case .completed, .continueInterrupted, .clarification, .cannotHandle, .chitchat, .aside, .search, .hold,
      .userSilence,
      .skipQuestion, .repeatBotMessages, .customerSatisfaction, .cancelFlow, .internalError, .goodbye, .restart,
      .codeChange, .denied, .humanHandoff, .keyMenu, .conversationResumed:
      true
    default: false
    }
  }
}

/// Names of responses the engine says itself.
enum BuiltInResponse {
  static let badBoolean: ResponseName = "utter_boolean_slot_rejection"
  static let badCategory: ResponseName = "utter_categorical_slot_rejection"
  static let badNumber: ResponseName = "utter_float_slot_rejection"
  static let isValueRight: ResponseName = "utter_ask_value_is_right"
  static let readBack: ResponseName = "utter_read_back"
  static let partHeard: ResponseName = "utter_part_heard"
  static let partTooLong: ResponseName = "utter_part_too_long"
  static let partAnew: ResponseName = "utter_part_anew"
  static let readingTaken: ResponseName = "utter_reading_taken"
  static let howCanIHelp: ResponseName = "utter_how_can_i_help"
  static let nextWish: ResponseName = "utter_next_wish"
  static let goodbye: ResponseName = "utter_goodbye"
  static let cannotGoOn: ResponseName = "utter_cannot_go_on"
  static let welcomeBack: ResponseName = "utter_welcome_back"
  static let takesAMoment: ResponseName = "utter_takes_a_moment"
  static let keyMenu: ResponseName = "utter_key_menu"
  static let keyChoice: ResponseName = "utter_key_choice"
  static let keyPerson: ResponseName = "utter_key_person"
  static let noKeys: ResponseName = "utter_key_none"
  static let internalError: ResponseName = "utter_internal_error_rasa"
}

/// Names of slots the engine reads or writes.
enum BuiltInSlot {
  static let language: SlotName = "language"
  static let consecutiveSilences: SlotName = "consecutive_silence_timeouts"
  static let maximumOptions: SlotName = "max_clarification_options"
  static let transferDestination: SlotName = "transfer_destination"
  static let transferOutcome: SlotName = "transfer_outcome"
  /// Why a tool or journey was not allowed: identity, consent, approval, confirmation.
  static let deniedBy: SlotName = "denied_by"
  static let compensationOutcome: SlotName = "compensation_outcome"
  static let valueIsRight: SlotName = "value_is_right"
  static let flowToContinue: SlotName = "interrupted_flow_to_continue"
}
