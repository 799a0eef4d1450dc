use super::{Field, Is, Of, Part, Pattern};

/// What a declaration calls the form of ISO 8601.
pub(super) const DEFAULT: &str = "default";

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// It would guess.
    #[error("`any` is not supported: a form that is guessed may be read as another day.")]
    Any,
    /// It has no fields, or blanks around them, or characters that cannot be seen.
    #[error("A pattern has fields like %Y and no blanks around them.")]
    NoPattern,
    /// A field that is not known.
    #[error(
        "`{0}` is no field of a pattern. Known are %Y %y %m %b %B %d %j %a %A %H %I %p %M %S %f \
         %z %F %T %R %D %% and %- before a number that has no leading zero."
    )]
    Unknown(String),
    /// Two fields say the same.
    #[error("Two fields of the pattern say the same.")]
    Twice,
    /// There is no whole day in it.
    #[error("A date needs year, month and day, or year and day of the year (%j).")]
    NoDay,
    /// A part of a time stands without the part before it.
    #[error("A time needs its hour (with %I, %p as well), before minutes, before seconds.")]
    NoTime,
    /// A field of something else.
    #[error("A field of the pattern is of no use here: {0}.")]
    OfNoUse(&'static str),
}

impl Pattern {
    /// The pattern of this text.
    ///
    /// # Errors
    /// It is not one, or not of what it is to be of.
    pub fn new(text: &str, of: Of) -> Result<Self, PatternError> {
        match text {
            DEFAULT => return Ok(Self::iso(of)),
            "any" => return Err(PatternError::Any),
            _ => {}
        }
        if text.trim() != text || text.chars().any(char::is_control) {
            return Err(PatternError::NoPattern);
        }
        let mut parts = parts(text)?;
        demand_once(&parts)?;
        demand(of, &parts)?;
        demand_digits(&mut parts);
        Ok(Self {
            text: text.to_owned(),
            of,
            parts,
        })
    }
}

fn parts(text: &str) -> Result<Vec<Part>, PatternError> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first != '%' {
            literal(&mut parts, &rest.as_bytes()[..first.len_utf8()]);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let bare = rest[1..].strip_prefix('-');
        let name = bare.unwrap_or(&rest[1..]).chars().next();
        let Some(name) = name else {
            return Err(PatternError::Unknown(rest.to_owned()));
        };
        let length = 1 + usize::from(bare.is_some()) + name.len_utf8();
        let unknown = || PatternError::Unknown(rest[..length].to_owned());
        field(&mut parts, name, bare.is_none()).ok_or_else(unknown)?;
        rest = &rest[length..];
    }
    match parts.iter().any(|it| matches!(it, Part::Field(_))) {
        true => Ok(parts),
        false => Err(PatternError::NoPattern),
    }
}

/// Adds bytes that stand for themselves.
fn literal(parts: &mut Vec<Part>, bytes: &[u8]) {
    match parts.last_mut() {
        Some(Part::Literal(before)) => *before = [&**before, bytes].concat().into(),
        _ => parts.push(Part::Literal(bytes.into())),
    }
}

/// Adds the field of this name; `None` if there is none.
fn field(parts: &mut Vec<Part>, name: char, padded: bool) -> Option<()> {
    let composed = match name {
        '%' => Some("%"),
        'F' => Some("Y-m-d"),
        'D' => Some("m/d/y"),
        'T' => Some("H:M:S"),
        'R' => Some("H:M"),
        _ => None,
    };
    if let Some(composed) = composed.filter(|_| padded) {
        for char in composed.chars() {
            match is(char) {
                Some(is) => parts.push(whole(is, true)),
                None => literal(parts, &[char as u8]),
            }
        }
        return Some(());
    }
    let is = is(name)?;
    let may_be_bare = matches!(
        is,
        Is::Month | Is::Day | Is::Hour | Is::HalfDayHour | Is::Minute | Is::Second
    );
    (padded || may_be_bare).then(|| parts.push(whole(is, padded)))
}

fn whole(is: Is, padded: bool) -> Part {
    Part::Field(Field {
        is,
        padded,
        full: false,
    })
}

fn is(name: char) -> Option<Is> {
    Some(match name {
        'Y' => Is::Year,
        'y' => Is::ShortYear,
        'm' => Is::Month,
        'b' => Is::ShortMonth,
        'B' => Is::LongMonth,
        'd' => Is::Day,
        'j' => Is::DayOfYear,
        'a' => Is::ShortWeekday,
        'A' => Is::LongWeekday,
        'H' => Is::Hour,
        'I' => Is::HalfDayHour,
        'p' => Is::HalfDay,
        'M' => Is::Minute,
        'S' => Is::Second,
        'f' => Is::Fraction,
        'z' => Is::Offset,
        _ => return None,
    })
}

impl Is {
    /// Fields of the same slot say the same.
    fn slot(self) -> u8 {
        match self {
            Is::Year | Is::ShortYear => 0,
            Is::Month | Is::ShortMonth | Is::LongMonth => 1,
            Is::Day => 2,
            Is::DayOfYear => 3,
            Is::ShortWeekday | Is::LongWeekday => 4,
            Is::Hour | Is::HalfDayHour => 5,
            Is::HalfDay => 6,
            Is::Minute => 7,
            Is::Second => 8,
            Is::Fraction => 9,
            Is::Offset => 10,
        }
    }

    /// True if it begins with a digit.
    fn is_number(self) -> bool {
        !matches!(
            self,
            Is::ShortMonth
                | Is::LongMonth
                | Is::ShortWeekday
                | Is::LongWeekday
                | Is::HalfDay
                | Is::Offset
        )
    }

    fn is_of_time(self) -> bool {
        (5..=9).contains(&self.slot())
    }
}

fn fields(parts: &[Part]) -> impl Iterator<Item = Is> {
    parts.iter().filter_map(|it| match it {
        Part::Field(field) => Some(field.is),
        Part::Literal(_) => None,
    })
}

fn demand_once(parts: &[Part]) -> Result<(), PatternError> {
    let mut slots: Vec<u8> = fields(parts).map(Is::slot).collect();
    let all = slots.len();
    slots.sort_unstable();
    slots.dedup();
    (slots.len() == all)
        .then_some(())
        .ok_or(PatternError::Twice)
}

fn demand(of: Of, parts: &[Part]) -> Result<(), PatternError> {
    let has = |wanted: &[Is]| fields(parts).any(|it| wanted.contains(&it));
    let has_time = fields(parts).any(Is::is_of_time);
    if of == Of::Date && has_time {
        return Err(PatternError::OfNoUse("a date has no time"));
    }
    if of != Of::Zoned && has(&[Is::Offset]) {
        let why = "an offset (%z) needs a datetime with a `timezone`";
        return Err(PatternError::OfNoUse(why));
    }
    let month = has(&[Is::Month, Is::ShortMonth, Is::LongMonth]);
    let (day, day_of_year) = (has(&[Is::Day]), has(&[Is::DayOfYear]));
    let year = has(&[Is::Year, Is::ShortYear]);
    if of == Of::Time {
        if !has_time
            || year
            || month
            || day
            || day_of_year
            || fields(parts).any(|it| it.slot() == 4)
        {
            return Err(PatternError::OfNoUse("a time has no day"));
        }
    } else if !year || month != day || day == day_of_year {
        return Err(PatternError::NoDay);
    }
    let hour = has(&[Is::Hour, Is::HalfDayHour]);
    let steps = [
        hour,
        has(&[Is::Minute]),
        has(&[Is::Second]),
        has(&[Is::Fraction]),
    ];
    let in_steps = steps.windows(2).all(|it| it[0] || !it[1]);
    match in_steps && has(&[Is::HalfDayHour]) == has(&[Is::HalfDay]) {
        true => Ok(()),
        false => Err(PatternError::NoTime),
    }
}

/// A number beside other digits has all of its own.
fn demand_digits(parts: &mut [Part]) {
    let is_number = |part: &Part| matches!(part, Part::Field(field) if field.is.is_number());
    let begins = |part: &Part| match part {
        Part::Literal(bytes) => bytes[0].is_ascii_digit(),
        field => is_number(field),
    };
    for at in 0..parts.len() {
        let before = at.checked_sub(1).is_some_and(|at| is_number(&parts[at]));
        let full = before || parts.get(at + 1).is_some_and(begins);
        if let Part::Field(field) = &mut parts[at] {
            field.full = full;
            field.padded |= full;
        }
    }
}
