internal import Audio
internal import Core
internal import NIOCore

/// A caller joined with a person by this server, and whoever listens to both.
///
/// Isolation: reached from its session's loop only.
struct Bridge {
  /// Who is at the other end, and what is known of it.
  enum Place {
    /// It is being dialled; what its line told before there was a leg to tell it of.
    case dialling([LineEvent])
    /// It rings, or is joined.
    case leg(Leg)
    /// Nobody.
    case empty
  }

  let mixer: Mixer
  /// Where the person is, by the configuration's name.
  let place: String
  let person: LegID
  let listener: LegID
  var places: [LegID: Place]
  /// The legs that were dialled and sound.
  var joined: Set<LegID> = []
  /// Whether caller and person hear each other.
  var isJoined = false
  /// Whether the person was heard, since it was answered or before.
  var isHeard = false
  /// Whether the person has been there for long enough to have taken the call, once heard.
  var isSettled = false
  /// Runs from the answer until the person has taken the call.
  var taking: Scheduled<Void>?
  /// Who ended it, where that was not the caller.
  var endedBy: Party?

  /// - Parameter rate: the caller's, at which all meet.
  init(call: CallID, place: String, rate: AudioRate) {
    mixer = Mixer(rate: rate)
    self.place = place
    person = LegID(call.rawValue + "-person")
    listener = LegID(call.rawValue + "-listener")
    places = [person: .dialling([])]
  }

  func leg(_ id: LegID) -> Leg? { if case .leg(let leg)? = places[id] { leg } else { nil } }

  func seat(of id: LegID) -> Mixer.Seat { id == person ? .person : .listener }
}
