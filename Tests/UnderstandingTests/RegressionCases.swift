import Core

/// One turn: where the call stands, what was heard, which commands must come of it.
struct RegressionCase: Sendable {
  var state: CallState
  var text: String
  /// Canonical commands, in any order; alternatives parted by ` | `.
  var expected: String

  init(_ state: CallState, _ text: String, _ expected: String) {
    self.state = state
    self.text = text
    self.expected = expected
  }
}

/// Where a call stands when words come in.
enum CallState: String, Sendable {
  case idle, anythingElse, statusNumber, addressNumber, address, confirmAddress, moveNumber, date, speed, confirmDate,
    summary, email

  func request(
    _ text: String, startable: [FlowID] = ["change_address", "move_delivery", "open_case", "order_status"],
    part: String? = nil
  ) -> UnderstandingRequest {
    let number: [SlotName: SlotValue] = ["order_number": .text("12345678")]
    let move: [SlotName] = ["order_number", "delivery_date", "speed", "date_confirmed"]
    let change: [SlotName] = ["order_number", "new_address", "address_confirmed"]
    let open: [SlotName] = ["order_number", "case_summary", "email"]
    let place: [SlotName: SlotValue] = [
      "order_number": .text("12345678"), "new_address": .text("12 Main Street, Springfield"),
    ]
    let day: [SlotName: SlotValue] = ["order_number": .text("12345678"), "delivery_date": .text("2026-03-13")]
    let (awaiting, flow, fillable, filled): (SlotName?, FlowID?, [SlotName], [SlotName: SlotValue]) =
      switch self {
      case .idle: (nil, nil, [], [:])
      case .anythingElse: ("continue_conversation", nil, ["continue_conversation"], [:])
      case .statusNumber: ("order_number", "order_status", ["order_number"], [:])
      case .addressNumber: ("order_number", "change_address", change, [:])
      case .address: ("new_address", "change_address", change, number)
      case .confirmAddress: ("address_confirmed", "change_address", change, place)
      case .moveNumber: ("order_number", "move_delivery", move, [:])
      case .date: ("delivery_date", "move_delivery", move, number)
      case .speed: ("speed", "move_delivery", move, day)
      case .confirmDate: ("date_confirmed", "move_delivery", move, day)
      case .summary: ("case_summary", "open_case", open, number)
      case .email: ("email", "open_case", open, number.merging(["case_summary": .text("torn")]) { $1 })
      }
    let token = SensitiveToken(label: .speech, id: "t")
    return UnderstandingRequest(
      turn: TurnNumber(1),
      heard: [
        Heard(
          text: Sensitive(token: token, value: text), confidence: Confidence(permille: 850),
          wordCount: text.split(separator: " ").count,
          kind: .content, ending: .open)
      ],
      awaiting: awaiting, activeFlow: flow, fillable: fillable, filled: filled, part: part.map(SlotValue.text),
      startable: startable,
      today: CivilDate(daysSinceEpoch: 20_523), minuteOfDay: 600)
  }
}

/// Written before the first run of the understander; nothing was added to make it look better, nothing taken away.
/// Wednesday, 11 March 2026.
enum RegressionSet {
  static let cases: [RegressionCase] = idle + numbers + addresses + dates + free + outOfScope + noise

  static let idle: [RegressionCase] = [
    RegressionCase(.idle, "Where is my order?", "start order_status"),
    RegressionCase(.idle, "hi, I ordered some sneakers last week and they're still not here", "start order_status"),
    RegressionCase(.idle, "Could you tell me when my package is going to get here?", "start order_status"),
    RegressionCase(.idle, "where's my stuff", "start order_status"),
    RegressionCase(
      .idle, "where is my order one two three four five six seven eight",
      "start order_status + set order_number=12345678"),
    RegressionCase(.idle, "What's the status of order 87654321?", "start order_status + set order_number=87654321"),
    RegressionCase(.idle, "I need to change the address for my delivery.", "start change_address"),
    RegressionCase(
      .idle, "I just moved to a new apartment and my order is going to the old one", "start change_address"),
    RegressionCase(.idle, "the address on my order is wrong", "start change_address"),
    RegressionCase(
      .idle, "Change the address of order 1234 5678, please.", "start change_address + set order_number=12345678"),
    RegressionCase(.idle, "I'm not going to be home, can you bring it another day?", "start move_delivery"),
    RegressionCase(.idle, "I'd like to reschedule a delivery", "start move_delivery"),
    RegressionCase(
      .idle, "Can you move the delivery of order 12345678 to Friday?",
      "start move_delivery + set order_number=12345678 + set delivery_date=2026-03-13"),
    RegressionCase(
      .idle, "please deliver it next Monday instead", "start move_delivery + set delivery_date=2026-03-16"),
    RegressionCase(.idle, "The mug I bought came in pieces.", "start open_case"),
    RegressionCase(.idle, "you sent me the wrong color", "start open_case"),
    RegressionCase(.idle, "I want to return a jacket", "start open_case"),
    RegressionCase(.idle, "there was nothing in the box", "start open_case"),
    RegressionCase(.idle, "I want to talk to a person", "human"),
    RegressionCase(.idle, "agent", "human"),
    RegressionCase(.idle, "can I speak with a real human being please", "human"),
    RegressionCase(.idle, "get me your supervisor", "human"),
    RegressionCase(.idle, "hello", "aside greeting"),
    RegressionCase(.idle, "good morning, how are you doing", "aside greeting | aside about"),
    RegressionCase(.idle, "thanks a lot, you've been very helpful", "chitchat"),
    RegressionCase(.idle, "are you a robot?", "aside about"),
    RegressionCase(.idle, "goodbye", "goodbye"),
    RegressionCase(.idle, "Okay, that's all, bye.", "goodbye"),
    RegressionCase(.idle, "could you repeat that?", "repeat"),
    RegressionCase(.idle, "sorry, what did you say", "repeat"),
    RegressionCase(.idle, "hold on a second", "hold"),
    RegressionCase(.idle, "yes", "yes"),
    RegressionCase(.idle, "No.", "no"),
    RegressionCase(.idle, "my order", "clarify | start order_status"),
    RegressionCase(.idle, "something about a delivery", "clarify | start move_delivery | start order_status"),
    RegressionCase(.idle, "No, can't you?", "no"),
    RegressionCase(.anythingElse, "No, that's all, thank you.", "set continue_conversation=false | goodbye"),
    RegressionCase(.anythingElse, "yes please", "set continue_conversation=true"),
    RegressionCase(.anythingElse, "yes, thank you", "set continue_conversation=true"),
    RegressionCase(.anythingElse, "great, thank you", "chitchat"),
    RegressionCase(.anythingElse, "Okay, thanks a lot.", "chitchat"),
    RegressionCase(.idle, "Perfect, thank you very much.", "chitchat"),
    RegressionCase(.confirmAddress, "great, thank you", "set address_confirmed=true"),
    RegressionCase(
      .anythingElse, "Yes, I also want to change my address.",
      "start change_address | start change_address + set continue_conversation=true"),
    RegressionCase(.anythingElse, "where is my other order", "start order_status"),
    RegressionCase(.anythingElse, "nope", "set continue_conversation=false"),
  ]

  static let numbers: [RegressionCase] = [
    RegressionCase(.statusNumber, "one two three four five six seven eight", "set order_number=12345678"),
    RegressionCase(.statusNumber, "It's 1234-5678.", "set order_number=12345678"),
    RegressionCase(
      .statusNumber, "sure, it's double one double two three three four four", "set order_number=11223344"),
    RegressionCase(
      .statusNumber, "My order number is one, two, three, four, no wait, eight seven six five four three two one.",
      "set order_number=87654321"),
    RegressionCase(.statusNumber, "one two three four", "cannot"),
    RegressionCase(.statusNumber, "one two three four five six seven", "cannot"),
    RegressionCase(.statusNumber, "I don't have the number here", "cannot | skip"),
    RegressionCase(.statusNumber, "cancel", "cancel"),
    RegressionCase(.statusNumber, "never mind, forget it", "cancel"),
    RegressionCase(.statusNumber, "I don't want to do this anymore", "cancel"),
    RegressionCase(.statusNumber, "Can you say that again?", "repeat"),
    RegressionCase(.statusNumber, "pardon?", "repeat"),
    RegressionCase(.statusNumber, "wait a moment, let me find it", "hold"),
    RegressionCase(.statusNumber, "operator", "human"),
    RegressionCase(.statusNumber, "I'd rather talk to somebody", "human"),
    RegressionCase(.statusNumber, "actually I want to change my address", "start change_address"),
    RegressionCase(.statusNumber, "actually, my package arrived broken", "start open_case"),
    RegressionCase(.statusNumber, "where is my order", "cannot | start order_status"),
    RegressionCase(.statusNumber, "let's start over", "restart"),
    RegressionCase(.statusNumber, "skip this question", "skip"),
    RegressionCase(.statusNumber, "1 2 3 4 5 6 7 ate", "set order_number=12345678"),
    RegressionCase(
      .statusNumber, "my order number is 12345678 and I'd like it on Friday",
      "set order_number=12345678 | set order_number=12345678 + start move_delivery"),
    RegressionCase(
      .moveNumber, "12345678, and I need it on Monday", "set order_number=12345678 + set delivery_date=2026-03-16"),
    RegressionCase(.moveNumber, "it's 87654321, express please", "set order_number=87654321 + set speed=express"),
    RegressionCase(.addressNumber, "12345678", "set order_number=12345678"),
    RegressionCase(.addressNumber, "yes", "cannot | yes"),
  ]

  static let addresses: [RegressionCase] = [
    RegressionCase(.address, "14 Elm Street, Springfield", "set new_address=14 Elm Street, Springfield"),
    RegressionCase(.address, "My new address is 22 Oak Avenue in Boston.", "set new_address=22 Oak Avenue in Boston"),
    RegressionCase(
      .address, "please send it to fourteen main street springfield", "set new_address=fourteen main street springfield"
    ),
    RegressionCase(.address, "cancel that", "cancel"), RegressionCase(.address, "No.", "cannot"),
    RegressionCase(.address, "no, thank you", "cannot"),
    RegressionCase(.address, "I want to speak to an agent", "human"),
    RegressionCase(.address, "what was the question", "repeat"),
    RegressionCase(.address, "no, the order number is 87654321", "set order_number=87654321"),
    RegressionCase(.address, "sorry, the order number was wrong, it's 8765 4321", "set order_number=87654321"),
    RegressionCase(.address, "one moment please", "hold"),
    RegressionCase(.address, "um", "cannot"),
    RegressionCase(.address, "where is my order", "start order_status | cannot"),
    RegressionCase(.address, "5 Person Road, Agentville", "set new_address=5 Person Road, Agentville"),
    RegressionCase(.confirmAddress, "yes that's right", "set address_confirmed=true"),
    RegressionCase(.confirmAddress, "Correct.", "set address_confirmed=true"),
    RegressionCase(.confirmAddress, "no", "set address_confirmed=false"),
    RegressionCase(.confirmAddress, "No, that's wrong.", "set address_confirmed=false"),
    RegressionCase(
      .confirmAddress, "no, it's 14 Elm Street, Springfield",
      "set new_address=14 Elm Street, Springfield | set new_address=14 Elm Street, Springfield + set address_confirmed=false"
    ),
    RegressionCase(
      .confirmAddress, "no, I meant order 87654321",
      "set order_number=87654321 | set order_number=87654321 + set address_confirmed=false"),
    RegressionCase(.confirmAddress, "I'm not sure", "cannot"),
    RegressionCase(.confirmAddress, "yeah sounds good, go ahead", "set address_confirmed=true"),
    RegressionCase(.confirmAddress, "what?", "repeat"),
    RegressionCase(.confirmAddress, "actually, cancel the whole thing", "cancel"),
  ]

  static let dates: [RegressionCase] = [
    RegressionCase(.date, "Friday", "set delivery_date=2026-03-13"),
    RegressionCase(.date, "how about the twenty first", "set delivery_date=2026-03-21"),
    RegressionCase(.date, "in two weeks", "set delivery_date=2026-03-25"),
    RegressionCase(.date, "March the sixteenth would be great", "set delivery_date=2026-03-16"),
    RegressionCase(.date, "not Friday, Saturday", "set delivery_date=2026-03-14"),
    RegressionCase(.date, "whenever you like", "cannot | skip"),
    RegressionCase(.date, "Monday, express shipping please", "set delivery_date=2026-03-16 + set speed=express"),
    RegressionCase(.date, "no wait, the order is 87654321", "set order_number=87654321"),
    RegressionCase(.date, "get me a person", "human"),
    RegressionCase(.speed, "the fast one", "set speed=express"),
    RegressionCase(.speed, "standard is fine", "set speed=standard"),
    RegressionCase(.speed, "regular", "set speed=standard"),
    RegressionCase(.speed, "expres", "set speed=express"),
    RegressionCase(.confirmDate, "yes", "set date_confirmed=true"),
    RegressionCase(
      .confirmDate, "no, make it Monday",
      "set delivery_date=2026-03-16 | set delivery_date=2026-03-16 + set date_confirmed=false"),
    RegressionCase(.confirmDate, "actually Saturday would be better", "set delivery_date=2026-03-14"),
    RegressionCase(.confirmDate, "that would be wonderful", "set date_confirmed=true"),
  ]

  static let free: [RegressionCase] = [
    RegressionCase(
      .summary, "The left shoe is torn and the laces are missing.",
      "set case_summary=The left shoe is torn and the laces are missing"),
    RegressionCase(
      .summary, "it arrived two days late and the box was wet",
      "set case_summary=it arrived two days late and the box was wet"),
    RegressionCase(.summary, "I want to talk to a human", "human"),
    RegressionCase(.summary, "cancel", "cancel"),
    RegressionCase(.summary, "say that again please", "repeat"),
    RegressionCase(.summary, "the agent who called me was rude", "set case_summary=the agent who called me was rude"),
    RegressionCase(.email, "jane dot doe at example dot com", "set email=jane.doe@example.com"),
    RegressionCase(.email, "it's jane.doe@example.com", "set email=jane.doe@example.com"),
    RegressionCase(.email, "I don't have one", "cannot | skip"),
  ]

  static let outOfScope: [RegressionCase] = [
    RegressionCase(.idle, "What's the capital of France?", "cannot | aside about"),
    RegressionCase(.idle, "can you book me a flight to Denver", "cannot"),
    RegressionCase(.idle, "how do I bake a chocolate cake", "cannot"),
    RegressionCase(.idle, "what is my account balance", "cannot"),
    RegressionCase(.idle, "will it rain tomorrow", "cannot"),
    RegressionCase(.idle, "play some jazz", "cannot"),
    RegressionCase(.idle, "how many calories are in a banana", "cannot"),
    RegressionCase(.idle, "who won the game last night", "cannot"),
    RegressionCase(.idle, "set an alarm for seven", "cannot"),
    RegressionCase(.idle, "do you sell gift cards", "cannot"),
    RegressionCase(.statusNumber, "what's the weather like", "cannot | aside about"),
    RegressionCase(.date, "what time does the museum open", "cannot"),
  ]

  static let noise: [RegressionCase] = [
    RegressionCase(.idle, "were is my odor", "start order_status | cannot"),
    RegressionCase(.idle, "wheres my pack edge", "start order_status | cannot | clarify"),
    RegressionCase(.idle, "I want to change my a dress", "start change_address"),
    RegressionCase(.idle, "reschedule my the livery", "start move_delivery"),
    RegressionCase(.idle, "speak to a parson", "human | cannot"),
    RegressionCase(.idle, "", "nothing | cannot"),
    RegressionCase(.idle, "the", "nothing | cannot"),
    RegressionCase(.statusNumber, "for five six seven eight nine one two", "cannot"),
    RegressionCase(.statusNumber, "uh one two uh three four five um six seven eight", "set order_number=12345678"),
    RegressionCase(.confirmAddress, "yes yes yes", "set address_confirmed=true"),
    RegressionCase(.date, "Fry day", "cannot | set delivery_date=2026-03-13"),
  ]
}
