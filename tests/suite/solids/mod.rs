//! Bodies as solids: against other kernels, against the sections of plans, exact where they can be, and what hostile
//! files get.

mod hostile;
mod kernels;
mod kinds;
mod made;
mod sections;
mod tower;
