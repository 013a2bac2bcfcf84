{{ stage('custom', 'registrations') }}
